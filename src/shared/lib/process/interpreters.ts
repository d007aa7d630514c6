/** What an interpreter was asked to run, and the word of its command line that names it. */
export type Script =
  | { kind: 'file'; path: string; at: number }
  | { kind: 'module'; name: string; at: number }
  | { kind: 'jar'; path: string; at: number }
  | { kind: 'class'; name: string; at: number }
  /** The program itself stands in the command line, as after `-c`. */
  | { kind: 'code'; at: number };

/** How an interpreter reads its command line: only what is needed to find the script in it. */
interface Interpreter {
  /** Base names of its executable. */
  names: RegExp;
  /** Options whose value is a program text. */
  code?: readonly string[];
  /** Options whose value is a module, a Java archive, or a script. */
  module?: readonly string[];
  jar?: readonly string[];
  file?: readonly string[];
  /** Other options whose value is a word of its own. */
  values?: readonly string[];
  /** One-letter options may share a word, as in `-uc`; the rest of the word is the value of one that takes one. */
  bundles?: true;
  /** Letters after which the rest of the word is a value, and the next word never is. */
  attached?: string;
  /** `-c` of shells only marks the first operand as code: more letters may follow it. */
  codeIsOperand?: true;
  /** First operands that are no script; after those in `codeCommands` follows code. */
  commands?: readonly string[];
  codeCommands?: readonly string[];
  /** First operands with which it starts other programs, and runs no script itself. */
  launchers?: readonly string[];
  /** Operands that begin with it are files with further arguments. */
  argumentFile?: string;
  /** Options after which no script follows: it is read from the standard input, or there is none. */
  none?: readonly string[];
  /** What a first operand is; `file` by default. */
  operand?: 'class';
}

const words = (text: string): readonly string[] => text.split(' ');

/** From the manuals of each: python(1), node(1), java(1), perlrun(1), ruby(1), php(1), bash(1), … */
const INTERPRETERS: readonly Interpreter[] = [
  {
    names: /^(?:python|pypy)[\d.]*[a-z]?(?:-dbg)?$/,
    code: ['-c'],
    module: ['-m'],
    values: words('-W -X --check-hash-based-pycs'),
    bundles: true,
  },
  {
    names: /^(?:node|nodejs|iojs)[\d.-]*$/,
    code: words('-e -p -pe --eval --print --run'),
    values: words(
      '-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title ' +
        '--input-type --icu-data-dir --openssl-config --diagnostic-dir --redirect-warnings --cpu-prof-dir --cpu-prof-name ' +
        '--heap-prof-dir --heap-prof-name --heapsnapshot-signal --report-dir --report-directory --report-filename ' +
        '--report-signal --trace-event-categories --trace-event-file-pattern --unhandled-rejections --dns-result-order ' +
        '--test-name-pattern --test-reporter --test-reporter-destination --watch-path --secure-heap --secure-heap-min ' +
        '--max-http-header-size --disable-warning --inspect-port --debug-port --tls-keylog --localstorage-file ' +
        '--experimental-default-type --experimental-config-file',
    ),
    commands: ['inspect'],
  },
  {
    names: /^javaw?$/,
    jar: ['-jar'],
    module: words('-m --module'),
    values: words(
      '-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --limit-modules ' +
        '--enable-native-access --illegal-native-access --add-exports --add-opens --add-reads --patch-module --source ' +
        '--describe-module -d --finalization',
    ),
    argumentFile: '@',
    operand: 'class',
  },
  { names: /^perl[\d.]*(?:-.*)?$/, code: words('-e -E'), values: ['-I'], bundles: true, attached: 'iMmxCDdFV' },
  {
    names: /^(?:j|truffle)?ruby[\d.]*$/,
    code: ['-e'],
    values: words('-r -I -C -E --encoding --external-encoding --internal-encoding'),
    bundles: true,
    attached: 'iKxWFTU',
  },
  {
    names: /^php[\d.]*$/,
    code: words('-r -B -R -E --run --process-begin --process-code --process-end'),
    file: words('-f -F --file --process-file'),
    values: words('-d -c -z -t -S --define --php-ini --zend-extension --docroot --server'),
  },
  {
    names: /^-?(?:r?bash|sh|dash|ash|zsh|m?ksh\d*|fish)[\d.-]*$/,
    code: words('-c --command'),
    values: words('-o -O +o +O --rcfile --init-file -C --init-command'),
    bundles: true,
    codeIsOperand: true,
    none: ['-s'],
  },
  {
    names: /^deno$/,
    values: words(
      '-c --config --import-map --lock --cert -L --log-level --location --seed --node-modules-dir --port --host',
    ),
    commands: words('run serve test bench check'),
    codeCommands: words('eval task repl'),
  },
  {
    names: /^bun$/,
    code: words('-e --eval -p --print'),
    values: words(
      '-r --preload --require --import --cwd -c --config --env-file --tsconfig-override -d --define --port',
    ),
    commands: words('run test'),
  },
  { names: /^lua(?:jit)?[\d.-]*$/, code: ['-e'], values: ['-l'], bundles: true },
  { names: /^(?:tclsh|wish)[\d.]*$/, values: ['-encoding'] },
  { names: /^expect[\d.]*$/, code: ['-c'], file: ['-f'] },
  { names: /^Rscript$/, code: ['-e'] },
  { names: /^R$/, code: ['-e'], file: words('-f --file'), values: words('-g --gui -d --debugger'), none: ['--args'] },
  {
    names: /^dotnet$/,
    values: words('--depsfile --runtimeconfig --additionalprobingpath --additional-deps --fx-version --roll-forward'),
    commands: ['exec'],
    launchers: words('run watch test build publish pack restore clean new add tool msbuild'),
  },
  { names: /^mono(?:-sgen)?$/, values: ['--config'] },
];

/** Whether a program of this base name runs scripts. */
export function isInterpreter(base: string): boolean {
  return INTERPRETERS.some(({ names }) => names.test(base));
}

/** What the interpreter of this base name runs by this command line; null for another program, or when it runs nothing. */
export function scriptOf(base: string, argv: readonly string[]): Script | null {
  const interpreter = INTERPRETERS.find(({ names }) => names.test(base));
  return interpreter === undefined ? null : new Reader(interpreter, argv).read();
}

/** Reads a command line up to its script. */
class Reader {
  private at = 1;
  private operandIsCode = false;

  constructor(
    private readonly interpreter: Interpreter,
    private readonly argv: readonly string[],
  ) {}

  read(): Script | null {
    const { commands, codeCommands, launchers, argumentFile } = this.interpreter;
    let mayBeCommand = true;
    for (; this.at < this.argv.length; this.at += 1) {
      const word = this.argv[this.at] ?? '';
      if (word === '--') return this.operand(this.at + 1);
      // A lone minus is the standard input.
      if (word === '-' || word === '') return null;
      if (word.startsWith('-') || (word.startsWith('+') && this.interpreter.codeIsOperand)) {
        const found = this.option(word);
        if (found !== 'goes_on') return found;
      } else if (argumentFile !== undefined && word.startsWith(argumentFile)) {
        continue;
      } else if (mayBeCommand && launchers?.includes(word)) {
        return null;
      } else if (mayBeCommand && commands?.includes(word)) {
        mayBeCommand = false;
      } else if (mayBeCommand && codeCommands?.includes(word)) {
        return this.value('code', this.at + 1);
      } else {
        return this.operand(this.at);
      }
    }
    return null;
  }

  private operand(at: number): Script | null {
    if (this.operandIsCode) return this.value('code', at);
    const { operand = 'file' } = this.interpreter;
    // java(1), source-file mode.
    const isSource = operand === 'class' && this.argv[at]?.endsWith('.java') === true;
    return this.value(isSource ? 'file' : operand, at);
  }

  /** What an option names; its value is skipped. */
  private option(word: string): Script | null | 'goes_on' {
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const meaning = this.meaningOf(name);
    if (meaning === 'none') return null;
    if (meaning === 'code' && this.interpreter.codeIsOperand) {
      this.operandIsCode = true;
      return 'goes_on';
    }
    if (meaning === 'values') {
      if (equals < 0) this.at += 1;
      return 'goes_on';
    }
    if (meaning !== null) {
      return equals < 0 ? this.value(meaning, this.at + 1) : this.value(meaning, this.at, word.slice(equals + 1));
    }
    return this.interpreter.bundles && !word.startsWith('--') ? this.bundle(word) : 'goes_on';
  }

  private bundle(word: string): Script | null | 'goes_on' {
    for (let i = 1; i < word.length; i += 1) {
      const letter = word.charAt(i);
      const meaning = this.meaningOf(`${word.charAt(0)}${letter}`);
      const rest = word.slice(i + 1);
      if (meaning === 'none') return null;
      if (meaning === 'code' && this.interpreter.codeIsOperand) {
        this.operandIsCode = true;
      } else if (meaning === 'values') {
        // A shell looks for the value of -o in the next word, whatever letters follow.
        if (rest === '' || this.interpreter.codeIsOperand) this.at += 1;
        else return 'goes_on';
      } else if (meaning !== null) {
        return rest === '' ? this.value(meaning, this.at + 1) : this.value(meaning, this.at, rest);
      } else if (this.interpreter.attached?.includes(letter)) {
        return 'goes_on';
      }
    }
    return 'goes_on';
  }

  private meaningOf(option: string): 'code' | 'module' | 'jar' | 'file' | 'values' | 'none' | null {
    const { interpreter } = this;
    for (const meaning of ['code', 'module', 'jar', 'file', 'values', 'none'] as const) {
      if (interpreter[meaning]?.includes(option)) return meaning;
    }
    return null;
  }

  private value(
    kind: 'code' | 'module' | 'jar' | 'file' | 'class',
    at: number,
    text: string | undefined = this.argv[at],
  ): Script | null {
    if (text === undefined || text === '') return null;
    if (kind === 'code') return { kind, at };
    return kind === 'file' || kind === 'jar' ? { kind, path: text, at } : { kind, name: text, at };
  }
}
