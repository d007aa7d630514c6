import { isInterpreter, scriptOf, type Script } from './interpreters';

/** What is known of a process, by which its program is recognised. */
export interface ProgramEvidence {
  /** The kernel's name: at most 15 bytes, and any program can change its own. */
  name: string;
  argv: readonly string[];
  /** Path of its executable, without the kernel's ` (deleted)`; null where it may not be read. */
  executable: string | null;
}

/** The program that a process runs. */
export interface Program {
  executable: string | null;
  /** Base name of its executable, as far as known. */
  base: string;
  /** Its words, without the padding that a rewritten title leaves. */
  argv: readonly string[];
  /** The title that it has written over its command line; null when its command line is as it was started with. */
  title: string | null;
  script: Script | null;
}

/** Files that hold many programs: the first word names the one that runs. */
const MULTI_CALL: ReadonlySet<string> = new Set(['busybox', 'toybox', 'coreutils']);

/** Characters that the kernel keeps of a name; the last byte of its 16 is NUL (proc(5), comm). */
const KERNEL_NAME_BYTES = 15;

/** Reads what a process runs. A title is known by its shape: one word with blanks in it that is not the path of the executable. */
export function readProgram({ name, argv, executable }: ProgramEvidence): Program {
  const bare = withoutPadding(argv);
  const title = titleOf(bare, executable);
  const applet = title === null ? appletAt(bare) : 0;
  const first = baseName(title === null ? (bare[applet] ?? name) : titleName(title)).replace(/^-/, '');
  const ofFile = executable === null ? '' : baseName(executable);
  const base = ofFile === '' || MULTI_CALL.has(ofFile) ? first : ofFile;
  const interpreter = [base, first].find(isInterpreter);
  return {
    executable,
    base,
    argv: bare,
    title,
    script:
      interpreter === undefined ? null : title === null ? scriptAfter(applet, interpreter, bare) : titledScript(title),
  };
}

/** Whether a process has written a title over its command line, as far as that shows without its executable. */
export function isTitled({ name, argv }: Pick<ProgramEvidence, 'name' | 'argv'>): boolean {
  return readProgram({ name, argv, executable: null }).title !== null;
}

/** Where a program that is many in one file is asked for one of them by its first argument, as in `busybox sh`. */
function appletAt([file = '', applet = '']: readonly string[]): 0 | 1 {
  return MULTI_CALL.has(baseName(file)) && /^[^-]/.test(applet) ? 1 : 0;
}

function scriptAfter(words: number, interpreter: string, argv: readonly string[]): Script | null {
  const script = scriptOf(interpreter, argv.slice(words));
  return script === null ? null : { ...script, at: script.at + words };
}

/** PM2 calls its applications `node /path/of/the/script`; a relative path would be a guess. */
function titledScript(title: string): Script | null {
  const [interpreter = '', path = ''] = title.split(/\s+/);
  return isInterpreter(interpreter) && path.startsWith('/') ? { kind: 'file', path, at: 0 } : null;
}

/** One of the names that a process goes by, and where it comes from, to follow "it" in a sentence. */
export interface ProcessName {
  name: string;
  origin: string;
}

/** All names that a process goes by: those of docs/matching.md, in this order. */
export function namesOf(evidence: ProgramEvidence): readonly ProcessName[] {
  const { executable, base, argv, title, script } = readProgram(evidence);
  const names: ProcessName[] = [];
  if (executable !== null) names.push({ name: baseName(executable), origin: `has the executable ${executable}` });
  names.push(...scriptNames(script));
  const first = title === null ? (argv[0] ?? '') : titleName(title);
  const origin = title === null ? `was started as ${first}` : `has the title "${title}"`;
  names.push({ name: baseName(first), origin }, { name: baseName(first).replace(/^-/, ''), origin });
  if (appletAt(argv) === 1) names.push({ name: base, origin: `is the applet ${base}` });
  names.push({ name: evidence.name, origin: `is named ${evidence.name} by the kernel` });
  return names.filter(({ name }) => name !== '');
}

/**
 * Whether a longer name may be this process's: the kernel cuts names at 15 bytes. Counts only where nothing else is known
 * of the process, for what is known would have the whole name.
 */
export function mayBeCutFrom(evidence: ProgramEvidence, name: string): boolean {
  if (evidence.executable !== null || evidence.argv.length > 0) return false;
  const bytes = encodeURIComponent(evidence.name).replace(/%../g, '.').length;
  return bytes >= KERNEL_NAME_BYTES && name.startsWith(evidence.name);
}

function scriptNames(script: Script | null): readonly ProcessName[] {
  switch (script?.kind) {
    case 'file':
      return [{ name: baseName(script.path), origin: `runs the script ${script.path}` }];
    case 'module': {
      const [first = '', main] = script.name.split('/');
      const names = main === undefined ? [first] : [script.name, first, ...classNames(main)];
      return names.map((name) => ({ name, origin: `runs the module ${script.name}` }));
    }
    case 'jar': {
      const name = baseName(script.path);
      const origin = `runs ${script.path}`;
      return [
        { name, origin },
        { name: name.replace(/\.[jw]ar$/, ''), origin },
      ];
    }
    case 'class':
      return classNames(script.name).map((name) => ({ name, origin: `runs the class ${script.name}` }));
    default:
      return [];
  }
}

/** A Java class with its package, and without. */
function classNames(name: string): readonly string[] {
  return [name, name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1)];
}

/** A program in a directory: a script may be given by a path from there. */
export interface ProgramInPlace {
  program: Program;
  cwd: string | null;
}

/**
 * Whether two processes run the same program: the same executable, and for an interpreter the same script. A rewritten title
 * hides all of the script but its name, so only that is compared then.
 */
export function sameProgram(a: ProgramInPlace, b: ProgramInPlace): boolean {
  if (a.program.base !== b.program.base) return false;
  const [one, other] = [a.program.executable, b.program.executable];
  if (one !== null && other !== null && one !== other) return false;
  const [script, another] = [scriptText(a), scriptText(b)];
  if (script === another) return true;
  if (!hidesScript(a) && !hidesScript(b)) return false;
  return script !== null && another !== null && baseName(script) === baseName(another);
}

function hidesScript({ program: { title, script } }: ProgramInPlace): boolean {
  return title !== null && script === null;
}

function scriptText({ program: { script, title, base, argv }, cwd }: ProgramInPlace): string | null {
  if (title !== null && script === null) return isInterpreter(base) ? titleName(title) : null;
  switch (script?.kind) {
    case 'file':
    case 'jar':
      return script.path.startsWith('/') || cwd === null ? script.path : joined(cwd, script.path);
    case 'module':
    case 'class':
      return script.name;
    case 'code':
      return argv[script.at] ?? null;
    default:
      return null;
  }
}

/** A path from a directory, without its `.` and `..`. */
function joined(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${directory}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The first word of a title as a name: `nginx` of `nginx: master process`, `celeryd` of `[celeryd: …]`. */
export function titleName(title: string): string {
  return (title.split(/\s/, 1)[0] ?? '').replace(/^[[(]/, '').replace(/:+$/, '');
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The command line without the NUL bytes and blanks that pad a rewritten title: it is as long as what it was written over. */
function withoutPadding(argv: readonly string[]): readonly string[] {
  let length = argv.length;
  while (length > 1 && (argv[length - 1] ?? '').trim() === '') length -= 1;
  const padded = length < argv.length || length === 1;
  if (!padded) return argv;
  const bare = argv.slice(0, length);
  if (length === 1) return [(bare[0] ?? '').trimEnd()];
  // Empty words at the end may be real ones: only those after a title are padding.
  return looksLikeTitle(bare[0] ?? '') ? bare : argv;
}

function titleOf(argv: readonly string[], executable: string | null): string | null {
  const [first = ''] = argv;
  // A path of Windows may hold blanks, and its programs write no titles.
  if (first === executable || /^[A-Za-z]:\\/.test(first)) return null;
  if (argv.length === 1) return /\s/.test(first) || looksLikeTitle(first) ? first : null;
  return looksLikeTitle(first) ? argv.join(' ') : null;
}

/** `name: role` as setproctitle(3) writes it. */
function looksLikeTitle(first: string): boolean {
  return /^[^\s/]\S*:(?:\s|$)/.test(first);
}
