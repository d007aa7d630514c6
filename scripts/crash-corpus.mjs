// node scripts/crash-corpus.mjs [PROGRAM…]: makes the corpus of real crashes anew (src/shared/lib/crash/corpus/run). It runs the programs
// of demo/crashes several times for each of their bugs, with other values, in other directories and with lines that come and go, and
// keeps what they wrote last. Needs the languages; those that are missing are skipped, and their files stay as they are.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'oxfmt';

const PROGRAMS = resolve('demo/crashes');
const CORPUS = resolve('src/shared/lib/crash/corpus/run');
/** As many lines as an event keeps. */
const TAIL_LINES = 40;
const RUN_TIMEOUT_MS = 60_000;

/** What differs from one sample to the next; the values are of equal and of different length. */
const VARIANTS = [
  { directory: 'srv/app-1.2', value: '17', name: 'ada', shift: 0 },
  { directory: 'srv/app-1.3', value: '18', name: 'grace', shift: 7 },
  { directory: 'home/ada/shop', value: '90210', name: 'barbara', shift: 31 },
  { directory: 'opt/releases/20260501120000/current', value: '4', name: 'eve', shift: 2 },
];

const PYTHONS = ['3.8', '3.11', '3.12', '3.13'].map((version) => {
  const own = { 3.8: '3.8.18', 3.11: '3.11.7', 3.12: '3.12.1', 3.13: '3.13.0' }[version];
  const ofPyenv = join(homedir(), `.pyenv/versions/${own}/bin/python3`);
  return existsSync(ofPyenv) ? ofPyenv : `python${version}`;
});

/**
 * `commands`: one for each variant, the last one for the rest. `bugs`: by name, with the variants that they can be run in. `aliases`:
 * ways to meet a bug that has a name already.
 */
const SUITES = [
  {
    program: 'worker.py',
    language: 'python',
    commands: PYTHONS.map((python) => ({
      run: [python, 'worker.py'],
      env: { FORCE_COLOR: python.includes('3.13') ? '1' : '' },
    })),
    bugs: {
      ...every('divide missing_key missing_key_elsewhere none_attribute broken_json direct_cause during_handling'),
      ...every('recursion tree refused ignored_then_real segfault in_threads asynchronous interleaved notes exits'),
      ...every('logged_before killed'),
      task_group: [1, 2, 3],
    },
    aliases: { interleaved: 'divide' },
  },
  {
    program: 'server.mjs',
    language: 'node',
    commands: [{ run: [process.execPath, '--max-old-space-size=20', 'server.mjs'] }],
    bugs: {
      ...every('undefinedProperty ownError brokenJson missingFile rejected rejectedText thrownText causes recursion'),
      ...every('badArgument timer exitCode outOfMemory logged'),
    },
  },
  {
    program: 'legacy.cjs',
    language: 'node',
    commands: [{ run: [process.execPath, 'legacy.cjs'] }],
    bugs: every('undefinedCall assertion missingModule otherMissingModule'),
  },
  {
    program: 'App.java',
    language: 'java',
    commands: [{ build: ['javac', 'App.java'], run: ['java', '-Xmx24m', '-Xss512k', 'App'] }],
    bugs: every('nothing absent wrapped parse inLambda recursion memory inside'),
  },
  {
    program: 'main.go',
    language: 'go',
    commands: [{ build: ['go', 'build', '-o', 'shop', 'main.go'], run: ['./shop'] }],
    bugs: every('nilPointer index ownPanic rethrow deadlock inGoroutine overflow convert logFatal'),
  },
  {
    program: 'worker.rb',
    language: 'ruby',
    commands: [{ run: ['ruby', 'worker.rb'] }],
    bugs: every('division own_error cause no_method recursion json missing_file top_level'),
  },
  {
    program: 'main.rs',
    language: 'rust',
    commands: [0, 1, 1, 0].map((backtrace) => ({
      build: ['rustc', '--edition', '2021', '-g', '-o', 'shop', 'main.rs'],
      run: ['./shop'],
      env: { RUST_BACKTRACE: String(backtrace) },
    })),
    bugs: every('index unwrap expect own_panic thread overflow result'),
  },
  {
    program: 'server.cpp',
    language: 'cpp',
    commands: [
      { build: ['g++', '-w', '-pthread', '-fstack-protector-all', '-o', 'server', 'server.cpp'], run: ['./server'] },
    ],
    bugs: every(
      'runtime_error own_exception out_of_range thrown_int unjoined assertion smash double_free invalid_free null',
    ),
  },
  {
    program: 'server.cpp',
    language: 'cpp',
    suffix: '-asan',
    commands: [{ build: ['g++', '-w', '-g', '-fsanitize=address', '-o', 'server', 'server.cpp'], run: ['./server'] }],
    bugs: every('use_after_free double_free'),
  },
  {
    program: 'deploy.sh',
    language: 'bash',
    commands: [{ run: ['bash', 'deploy.sh'] }],
    bugs: every('not_found other_not_found unbound no_file usage'),
  },
  {
    program: 'report.pl',
    language: 'perl',
    commands: [{ run: ['perl', 'report.pl'] }],
    bugs: every('division confess die method module'),
  },
  {
    program: 'mailer.py',
    valueKind: 'word',
    language: 'python',
    commands: PYTHONS.map((python) => ({ run: [python, 'mailer.py'] })),
    bugs: {
      ...every('load_user load_template in_pool in_process in_property logged_and_exit logged_message bad_import'),
      ...every('unicode exit_text assertion'),
    },
    aliases: { in_process: 'load_user', logged_and_exit: 'in_pool' },
  },
  {
    program: 'queue.cjs',
    valueKind: 'word',
    language: 'node',
    commands: [{ run: [process.execPath, 'queue.cjs'] }],
    bugs: every('loadUser loadPlan emitter stream portInUse promiseAll notFunction listener'),
    aliases: { promiseAll: 'loadUser' },
  },
  {
    program: 'Pool.java',
    valueKind: 'word',
    language: 'java',
    commands: [{ build: ['javac', 'Pool.java'], run: ['java', 'Pool'] }],
    bugs: every('user plan read executor future cast iterator'),
    aliases: { executor: 'user', future: 'plan' },
  },
  {
    program: 'queue.rb',
    valueKind: 'word',
    language: 'ruby',
    commands: [{ run: ['ruby', 'queue.rb'] }],
    bugs: every('user plan thread file frozen each abort'),
    aliases: { thread: 'user' },
  },
  {
    program: 'queue.go',
    valueKind: 'word',
    language: 'go',
    commands: [{ build: ['go', 'build', '-o', 'queue', 'queue.go'], run: ['./queue'] }],
    bugs: every('readUser readPlan method closed inSort stderr'),
  },
  {
    program: 'shop.php',
    language: 'php',
    commands: [{ run: ['php', '-d', 'memory_limit=8M', '-d', 'log_errors=1', '-d', 'display_errors=0', 'shop.php'] }],
    bugs: every('division own_exception null_call missing_function memory'),
  },
];

function every(names) {
  return Object.fromEntries(names.split(' ').map((name) => [name, [...VARIANTS.keys()]]));
}

/** The program with as many unrelated lines as the variant has, wherever one says SHIFT. */
function shifted(program, lines) {
  const mark = /\.(py|rb|sh|pl)$/.test(program) ? '#' : '//';
  const text = readFileSync(join(PROGRAMS, program), 'utf8');
  return text.replace(/^(\s*)(?:#|\/\/) SHIFT$/gm, (_line, indent) =>
    Array.from({ length: lines }, (_one, n) => `${indent}${mark} an unrelated line, ${n}`).join('\n'),
  );
}

/** What is left of the output, as the engine keeps it. */
function tailOf(stderr) {
  const lines = stderr.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-TAIL_LINES);
}

const folder = mkdtempSync(join(tmpdir(), 'crash-corpus-'));
const wanted = process.argv.slice(2);
mkdirSync(CORPUS, { recursive: true });
try {
  for (const suite of SUITES.filter(({ program }) => wanted.length === 0 || wanted.includes(program)))
    await runSuite(suite);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runSuite({ program, language, suffix = '', commands, bugs, aliases = {}, valueKind = 'number' }) {
  const samples = new Map(Object.keys(bugs).map((bug) => [aliases[bug] ?? bug, []]));
  for (const [at, variant] of VARIANTS.entries()) {
    const { build, run, env = {} } = commands[Math.min(at, commands.length - 1)];
    const cwd = join(folder, variant.directory);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, program), shifted(program, variant.shift));
    if (build !== undefined) {
      const built = spawnSync(build[0], build.slice(1), {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, GO111MODULE: 'off' },
      });
      if (built.status !== 0) return console.log(`${program}: skipped, ${built.error?.message ?? built.stderr}`);
    }
    // Scripts are run by their whole path, as services are: so it stands in their traces.
    const [file, ...words] = run.map((word) => (word === program ? join(cwd, program) : word));
    for (const [bug, variants] of Object.entries(bugs)) {
      if (!variants.includes(at)) continue;
      const argument = valueKind === 'word' ? variant.name : variant.value;
      const ended = spawnSync(file, [...words, bug, argument], {
        cwd,
        encoding: 'utf8',
        timeout: RUN_TIMEOUT_MS,
        maxBuffer: 64e6,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...env },
      });
      if (ended.error !== undefined) return console.log(`${program}: skipped, ${ended.error.message}`);
      samples
        .get(aliases[bug] ?? bug)
        .push({ exitCode: ended.status, signal: ended.signal, stderrTail: tailOf(ended.stderr) });
    }
    rmSync(cwd, { recursive: true });
  }
  const name = `${program.replace(/\W/g, '-')}${suffix}.json`;
  const text = JSON.stringify({
    origin: 'run',
    language,
    program: suffix === '' ? program.replace(/^main\.(go|rs)$/, 'shop').replace(/\.(?:cpp|go)$/, '') : 'server-asan',
    bugs: Object.fromEntries(samples),
  });
  const file = join(CORPUS, name);
  // Where an interpreter was installed is nobody's business.
  const neutral = text.replaceAll(folder, '').replaceAll(/\/[\w./-]*\/\.pyenv\/versions\/[\d.]+/g, '/usr/local');
  const { code } = await format(file, neutral, { printWidth: 120 });
  writeFileSync(file, code);
  console.log(`${name}: ${samples.size} bugs`);
}
