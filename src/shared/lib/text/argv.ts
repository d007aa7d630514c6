/**
 * A command line as a vector, or what is wrong with it. `shellSyntax` is what only a shell would act upon (`|`, `$HOME`, `*`), as it is
 * written, each once: here it is plain text.
 */
export type ArgvParse =
  | { ok: true; argv: readonly string[]; shellSyntax: readonly string[] }
  | { ok: false; error: string };

/** How the machine of the engine writes paths: on Windows a backslash is a character like any other. */
export interface ArgvSyntax {
  windows: boolean;
}

const POSIX: ArgvSyntax = { windows: false };

/** What a shell would act upon outside quotes: operators, expansions, patterns of file names, and a tilde that begins a word. */
const SHELL_SYNTAX =
  /\|\||\|&?|&&|&>>?|&|;|<<-?|[<>]&|>>|[<>]|\$(?:\w+|\{[^}]*\}?|\(|[?!#@$*-])|`|\*+|\?|\[[^\]\s]*\]|(?<=^|[\s:=])~[\w.-]*/g;
/** Of that, what it would still act upon between double quotes. */
const QUOTED_SYNTAX = /\$(?:\w+|\{[^}]*\}?|\()|`/g;
/** Stands for what is quoted, where it is taken out. */
const QUOTED = '"';

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * Reads a command line into an argument vector by the quoting rules of a POSIX shell: words end at white space,
 * '…' is literal, "…" knows \" \\ \$ \`, $'…' knows \n \t \xHH \uHHHH, and a backslash takes the next character as it is.
 * Nothing is expanded, and no shell ever sees it.
 */
export function parseArgv(text: string, syntax: ArgvSyntax = POSIX): ArgvParse {
  const argv: string[] = [];
  let word: string | null = null;
  let bare = '';
  let quoted = '';
  let position = 0;

  const unclosed = (quote: string, from: number): ArgvParse => ({
    ok: false,
    error: `expected a closing ${quote} for the one at character ${from + 1}`,
  });

  while (position < text.length) {
    const character = text.charAt(position);
    if (/\s/.test(character)) {
      if (word !== null) argv.push(word);
      word = null;
      bare += ' ';
      position += 1;
    } else if (character === "'") {
      const end = text.indexOf("'", position + 1);
      if (end < 0) return unclosed("'", position);
      word = (word ?? '') + text.slice(position + 1, end);
      bare += QUOTED;
      position = end + 1;
    } else if (character === '$' && text.charAt(position + 1) === "'") {
      const escaped = readEscaped(text, position + 2);
      if (escaped === null) return unclosed("'", position + 1);
      word = (word ?? '') + escaped.value;
      bare += QUOTED;
      position = escaped.end;
    } else if (character === '"') {
      const inner = readDoubleQuoted(text, position + 1, syntax);
      if (inner === null) return unclosed('"', position);
      word = (word ?? '') + inner.value;
      bare += QUOTED;
      quoted += ` ${text.slice(position + 1, inner.end - 1).replace(/\\./gs, '')}`;
      position = inner.end;
    } else if (character === '\\' && !syntax.windows) {
      if (position + 1 >= text.length)
        return { ok: false, error: 'expected a character after the backslash at the end' };
      const next = text.charAt(position + 1);
      // A backslash before a line break joins the lines, as in a shell.
      if (next !== '\n') word = (word ?? '') + next;
      bare += QUOTED;
      position += 2;
    } else {
      word = (word ?? '') + character;
      bare += character;
      position += 1;
    }
  }
  if (word !== null) argv.push(word);
  return { ok: true, argv, shellSyntax: shellSyntaxIn(bare, quoted) };
}

function readDoubleQuoted(text: string, from: number, syntax: ArgvSyntax): { value: string; end: number } | null {
  let value = '';
  for (let position = from; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (character === '"') return { value, end: position + 1 };
    const next = text.charAt(position + 1);
    if (character === '\\' && !syntax.windows && next !== '' && '"\\$`\n'.includes(next)) {
      if (next !== '\n') value += next;
      position += 1;
    } else {
      value += character;
    }
  }
  return null;
}

function readEscaped(text: string, from: number): { value: string; end: number } | null {
  let value = '';
  for (let position = from; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (character === "'") return { value, end: position + 1 };
    if (character !== '\\') {
      value += character;
      continue;
    }
    const hex = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4}))/.exec(text.slice(position + 1, position + 6));
    if (hex) {
      value += String.fromCharCode(Number.parseInt(hex[1] ?? hex[2] ?? '0', 16));
      position += hex[0].length;
    } else {
      const next = text.charAt(position + 1);
      value += NAMED_ESCAPES[next] ?? `\\${next}`;
      position += 1;
    }
  }
  return null;
}

function shellSyntaxIn(bare: string, quoted: string): readonly string[] {
  return [...new Set([...(bare.match(SHELL_SYNTAX) ?? []), ...(quoted.match(QUOTED_SYNTAX) ?? [])])];
}

/** The vector that has a POSIX shell act upon a command line as it is typed. */
export function inShell(text: string): readonly string[] {
  return ['sh', '-c', text.trim()];
}

/** Writes one argument so that {@link parseArgv} reads back exactly it, on either kind of machine. */
export function quoteArgument(argument: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(argument)) return argument;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const hasControls = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(argument);
  if (!hasControls && !argument.includes("'")) return `'${argument}'`;
  let escaped = '';
  for (const unit of argument.split('')) {
    const code = unit.charCodeAt(0);
    const isPlain =
      code >= 0x20 &&
      (code < 0x7f || code > 0x9f) &&
      !/[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(unit);
    if (unit === '\\' || unit === "'") escaped += `\\${unit}`;
    else if (unit === '\n') escaped += '\\n';
    else if (unit === '\t') escaped += '\\t';
    else if (isPlain) escaped += unit;
    else escaped += `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `$'${escaped}'`;
}

/** The command line that {@link parseArgv} reads back as this vector. */
export function formatArgv(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(' ');
}
