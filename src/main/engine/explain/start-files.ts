import { readProgram } from '../../../shared/lib/process/program';

/** What a start ran. */
export interface StartedProgram {
  argv: readonly string[];
  /** Absolute. */
  cwd: string;
  /** null: not known; then it is looked for as `argv` names it. */
  executable: string | null;
  /** Folders in which programs are found, as in PATH. */
  path: string;
}

/** Files that pin the versions of what a script uses, beside it. */
const LOCK_FILES = [
  'package.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'requirements.txt',
  'poetry.lock',
  'uv.lock',
  'Gemfile.lock',
  'composer.lock',
  'go.sum',
  'Cargo.lock',
];

/** Those of them whose versions can be read. */
const VERSIONED = /\/(?:package|package-lock)\.json$/;

/** A start has few files of its own; a command line with a thousand of them is a list of data. */
const MAX_ARGUMENT_FILES = 16;
const MAX_WORDS = 200;

/** Absolute paths that may be files of a start: its program, its script, files that its arguments name, and lock files beside the script. */
export function filesOfStart(started: StartedProgram): readonly string[] {
  const { argv, cwd } = started;
  const named = argv
    .slice(1, MAX_WORDS)
    .flatMap((word) => [word, word.slice(word.indexOf('=') + 1)])
    .filter((word, at, all) => looksLikeFile(word) && all.indexOf(word) === at)
    .slice(0, MAX_ARGUMENT_FILES)
    .map((word) => absolute(word, cwd));
  return [...new Set([...programsOf(started), ...named, ...scriptsOf(started)])];
}

/** Those of them that make up the version of the program: what it works on may change at any time. */
export function programFilesOf(started: StartedProgram): readonly string[] {
  return [...new Set([...programsOf(started), ...scriptsOf(started)])];
}

/** Files among these whose versions are compared, too. */
export function versionedAmong(files: readonly string[]): readonly string[] {
  return files.filter((path) => VERSIONED.test(path));
}

/** A script that begins with #! is run by another executable, and either may be changed. */
function programsOf({ argv: [program = ''], cwd, executable, path }: StartedProgram): readonly string[] {
  return [...(executable === null ? [] : [executable]), ...programPaths(program, cwd, path)];
}

/** The script that an interpreter runs, and the lock files beside it. */
function scriptsOf({ argv, cwd, executable }: StartedProgram): readonly string[] {
  const { script } = readProgram({ name: '', argv, executable });
  if (script === null) return [];
  const file = script.kind === 'file' || script.kind === 'jar' ? absolute(script.path, cwd) : null;
  const folder = script.kind === 'file' && file !== null ? folderOf(file) : cwd;
  return [...(file === null ? [] : [file]), ...LOCK_FILES.map((name) => absolute(name, folder))];
}

function programPaths(program: string, cwd: string, path: string): readonly string[] {
  if (program === '') return [];
  if (program.includes('/')) return [absolute(program, cwd)];
  return path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => absolute(program, folder));
}

/** Files that the last words of a program name: where a stack leads to. At most 8, the last ones. */
export function filesNamedIn(stderrTail: readonly string[], cwd: string | null): readonly string[] {
  const found = stderrTail.flatMap((line) => pathsIn(line.slice(0, MAX_LINE)));
  const own = found.filter((path) => !OF_A_RUNTIME.test(path) && (cwd !== null || path.startsWith('/')));
  return [...new Set(own.map((path) => absolute(path, cwd ?? '/')))].filter((path) => !OF_NO_DISK.test(path)).slice(-8);
}

const MAX_LINE = 1000;
const MAX_PATH = 300;
/** A line names few files; in one that is made to take time it could be hundreds. */
const MAX_PATHS_OF_LINE = 8;
/** `File "x.py", line 3`. */
const QUOTED = /\bFile "([^"\0]{1,300})", line \d/g;
/** How `at f (/srv/x.js:3:1)` and `x.go:12` end. The path is read backwards from here: a pattern for the whole would try each beginning. */
const END_OF_PATH = /\.\w{1,6}(?=:\d)/g;
const OF_A_PATH = /[\w.@~+/-]/;
/** Files that no operator edits. */
const OF_A_RUNTIME = /^node:|\/node_modules\/|\/usr\/(?:local\/)?lib\/|^internal\/|<\w/;
/** What lies here is no file, and to ask for its status may hang (`ProcfsReader`) or have an effect. */
const OF_NO_DISK = /^\/(?:proc|sys|dev)\//;

function pathsIn(line: string): readonly string[] {
  const quoted = [...line.matchAll(QUOTED)].map(([, path = '']) => path);
  const plain = [...line.matchAll(END_OF_PATH)].slice(-MAX_PATHS_OF_LINE).flatMap(({ index, 0: ending }) => {
    let begin = index;
    while (begin > 0 && index - begin < MAX_PATH && OF_A_PATH.test(line.charAt(begin - 1))) begin -= 1;
    return begin === index ? [] : line.slice(begin, index + ending.length);
  });
  return [...quoted, ...plain];
}

function looksLikeFile(word: string): boolean {
  if (word.length > 4096 || word.startsWith('-') || /[\0\n]/.test(word) || /^\w+:\/\//.test(word)) return false;
  return /^\.{0,2}\//.test(word) || /^[\w.@~+/-]+\.[A-Za-z]\w{0,5}$/.test(word);
}

function absolute(path: string, folder: string): string {
  const parts = (path.startsWith('/') ? path : `${folder}/${path}`).split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
