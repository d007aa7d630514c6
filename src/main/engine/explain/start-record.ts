import { fnv1a64 } from '../../../shared/lib/hash';
import type { Launch } from '../ports';
import type { FileState, PackageVersions, StartRecord } from '../ports';

/** By what a later command is compared with this one. */
export function hashesOf({
  argv,
  cwd,
  env,
}: Pick<Launch, 'argv' | 'cwd' | 'env'>): NonNullable<StartRecord['command']> {
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return { argv: fnv1a64(JSON.stringify(argv)), cwd: fnv1a64(cwd), env: fnv1a64(JSON.stringify(variables)) };
}

/**
 * The version of a program by the states of its files, in 8 hex digits; null where one of them could not be looked at. It is the same
 * for a copy that keeps the times of its files, wherever it lies.
 */
export function versionOf(files: Readonly<Record<string, FileState>>): string | null {
  const states = Object.entries(files).flatMap(([path, state]) =>
    state.kind === 'missing' ? [] : { name: path.slice(path.lastIndexOf('/') + 1), state },
  );
  if (states.length === 0 || states.some(({ state }) => state.kind === 'unknown')) return null;
  const marks = states.map(({ name, state }) =>
    state.kind === 'present' ? [name, state.bytes, Math.round(state.modifiedAt)].join(' ') : name,
  );
  return fnv1a64(marks.sort().join('\n')).slice(0, 8);
}

/** A file that is another one than it was. */
export interface FileChange {
  path: string;
  kind: 'changed' | 'gone' | 'new';
  /** When it was last written, in ms since the epoch; null: it is gone, or its time says nothing. */
  at: number | null;
}

/** Files that differ between two moments; those that could not be looked at, then or now, are left out. */
export function changedFiles(
  before: Readonly<Record<string, FileState>>,
  now: Readonly<Record<string, FileState>>,
): readonly FileChange[] {
  return Object.entries(before).flatMap(([path, then]): FileChange[] => {
    const state = now[path];
    if (state === undefined || state.kind === 'unknown' || then.kind === 'unknown') return [];
    if (state.kind === 'missing') return then.kind === 'missing' ? [] : [{ path, kind: 'gone', at: null }];
    if (then.kind === 'missing') return [{ path, kind: 'new', at: state.modifiedAt }];
    const isSame =
      then.inode === state.inode && then.bytes === state.bytes && Math.abs(then.modifiedAt - state.modifiedAt) < 1;
    if (isSame) return [];
    // What was put in place of it keeps its own time, which may lie long before.
    return [{ path, kind: 'changed', at: state.modifiedAt > then.modifiedAt ? state.modifiedAt : null }];
  });
}

/** A package that is there in another version. */
export interface VersionChange {
  /** The file that names it. */
  path: string;
  name: string;
  before: string;
  after: string;
}

/** Packages of which both moments know the version. What is there in one of them alone may be cut off in the other. */
export function changedVersions(
  before: Readonly<Record<string, PackageVersions>>,
  now: Readonly<Record<string, PackageVersions>>,
): readonly VersionChange[] {
  return Object.entries(before).flatMap(([path, versions]) =>
    Object.entries(versions).flatMap(([name, version]) => {
      const after = now[path]?.[name];
      return after === undefined || after === version ? [] : { path, name, before: version, after };
    }),
  );
}

/** Parts of the command that were edited between two starts. */
export function editedParts(
  before: StartRecord['command'],
  now: StartRecord['command'],
): readonly ('arguments' | 'working directory' | 'environment')[] {
  if (before === null || now === null) return [];
  return [
    ...(before.argv === now.argv ? [] : (['arguments'] as const)),
    ...(before.cwd === now.cwd ? [] : (['working directory'] as const)),
    ...(before.env === now.env ? [] : (['environment'] as const)),
  ];
}
