import { formatArgv, inShell, parseArgv, type ArgvSyntax } from '../../shared/lib/text/argv';
import { baseName, readProgram } from '../../shared/lib/process/program';
import { suggestName, type WatchDraft } from './watch-draft';

/** What a draft is completed from. */
export interface DraftSurroundings {
  takenNames: readonly string[];
  /** Home directory of the engine's user; undefined where that is not known. */
  home: string | undefined;
  syntax: ArgvSyntax;
  /** A watch that is there already is never renamed by an empty field. */
  isNew: boolean;
}

/** What an empty field of a draft stands for; null where it stands for nothing. */
export interface Derived {
  name: string | null;
  cwd: string | null;
}

/** Folders of programs, which no program works in. */
const PROGRAM_FOLDERS = /^\/(?:usr\/(?:local\/)?)?s?bin$/;

/** What the name and the directory are as long as nobody types them: from the command, or what is looked for. */
export function derivedFrom(draft: WatchDraft, { takenNames, home, syntax, isNew }: DraftSurroundings): Derived {
  const argv = commandOf(draft, syntax);
  const found = argv ?? (draft.kind === 'command' ? null : searchedWords(draft));
  return {
    name: isNew && found !== null ? suggestName(found, '', takenNames) : null,
    cwd: argv === null ? null : (folderOf(argv) ?? home ?? null),
  };
}

/** The draft with what its empty fields stand for, and with `~` as the home directory. */
export function completed(draft: WatchDraft, surroundings: DraftSurroundings): WatchDraft {
  const { name, cwd } = derivedFrom(draft, surroundings);
  const typed = draft.command.cwd.trim() === '' ? (cwd ?? '') : expandHome(draft.command.cwd, surroundings.home);
  return {
    ...draft,
    name: draft.name.trim() === '' ? (name ?? '') : draft.name,
    command: { ...draft.command, cwd: typed },
  };
}

/** A path that may begin with the home directory; `~ada` is nobody's that is known here, and stays. */
export function expandHome(path: string, home: string | undefined): string {
  const [, rest] = /^~([\\/].*)?$/s.exec(path.trim()) ?? [];
  const isHome = path.trim() === '~' || rest !== undefined;
  return home !== undefined && isHome ? (home.replace(/[\\/]$/, '') + (rest ?? '')).replace(/(?<=.)[\\/]+$/, '') : path;
}

function commandOf({ kind, hasStart, command }: WatchDraft, syntax: ArgvSyntax): readonly string[] | null {
  if (kind !== 'command' && !(kind === 'match' && hasStart)) return null;
  const parsed = parseArgv(command.argvText, syntax);
  return parsed.ok && parsed.argv.length > 0 ? parsed.argv : null;
}

/** What is looked for, as far as it names a program: an expression may be anything. */
function searchedWords({ by, pattern }: WatchDraft): readonly string[] | null {
  if (pattern === '') return null;
  if (by === 'name') return [pattern];
  if (by === 'pidfile') return [baseName(pattern).replace(/\.pid$/, '')];
  const plain = pattern.replace(/^\^|\$$/g, '').replaceAll('\\', '');
  const parsed = parseArgv(plain);
  return parsed.ok && parsed.argv.length > 0 ? parsed.argv : null;
}

/** The folder of a script or program that is named by its whole path, unless that is where all programs lie. */
function folderOf(argv: readonly string[]): string | null {
  const { script } = readProgram({ name: '', argv, executable: null });
  const path = script?.kind === 'file' || script?.kind === 'jar' ? script.path : (argv[0] ?? '');
  const [, folder] = /^((?:\/|[A-Za-z]:[\\/]).*?)[\\/]+[^\\/]+$/.exec(path) ?? [];
  return folder === undefined || folder === '/' || PROGRAM_FOLDERS.test(folder) ? null : folder;
}

/** A command line with a shell around it: one that acts upon what is in it. */
export function withShell(text: string): string {
  return formatArgv(inShell(text));
}
