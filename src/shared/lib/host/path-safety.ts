/** The result of lstat(2) for one part of a path. */
export interface PathPart {
  kind: 'directory' | 'link' | 'other';
  uid: number;
  /** Permission bits, the sticky bit included. */
  mode: number;
  /** Where a link points; null for everything else. */
  target: string | null;
}

/** Why a part of a path can't be trusted. */
export interface UnsafePart {
  path: string;
  uid: number;
  mode: number;
  reason: 'owner' | 'writable' | 'link_owner' | 'link_loop';
}

export interface PathTrust {
  /** The first part that another user could replace; null when there is none. */
  unsafe: UnsafePart | null;
  /** The path without links, as far as it exists. */
  real: string;
}

const STICKY = 0o1000;
const MAX_LINKS = 40;

/**
 * Whether nobody but root and `uid` can exchange what an absolute POSIX path names, as sshd's StrictModes asks it: each
 * directory on the way belongs to root or to `uid` and is not writable by group or others. A sticky directory such as /tmp
 * may be: what lies in it is judged by its own owner. Links of root and of `uid` are followed, and the way to their target is
 * judged too. `judgeLast`: whether the last part is judged as those above it are. What does not exist yet is safe: it is
 * created by us.
 */
export function judgePath(options: {
  path: string;
  uid: number;
  judgeLast: boolean;
  /** null: there is nothing at the path. */
  read: (path: string) => PathPart | null;
}): PathTrust {
  const { uid, judgeLast, read } = options;
  const root = read('/');
  // Whoever owns the root of the file system (in a user namespace often an unmapped uid) owns all that is below.
  if (root !== null && isWritable(root)) return { unsafe: unsafe('/', root, 'writable'), real: '/' };
  let at = '/';
  let links = 0;
  const ahead = partsOf(options.path);
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '..') {
      // `at` has no links in it, so this is the parent that the kernel sees.
      at = at.slice(0, at.lastIndexOf('/')) || '/';
      continue;
    }
    const path = at === '/' ? `/${name}` : `${at}/${name}`;
    const part = read(path);
    if (part === null) return { unsafe: null, real: [path, ...ahead].join('/') };
    const isOurs = part.uid === 0 || part.uid === uid;
    if (part.kind === 'link') {
      if (!isOurs) return { unsafe: unsafe(path, part, 'link_owner'), real: path };
      links += 1;
      if (links > MAX_LINKS || part.target === null) return { unsafe: unsafe(path, part, 'link_loop'), real: path };
      if (part.target.startsWith('/')) at = '/';
      ahead.unshift(...partsOf(part.target));
      continue;
    }
    at = path;
    if (ahead.length === 0 && !judgeLast) break;
    if (!isOurs) return { unsafe: unsafe(path, part, 'owner'), real: path };
    if (isWritable(part)) return { unsafe: unsafe(path, part, 'writable'), real: path };
  }
  return { unsafe: null, real: at };
}

/** What is wrong with a part, who could do what, and what to do, in two sentences. */
export function unsafeText({ path, uid, mode, reason }: UnsafePart): string {
  const bits = `mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
  switch (reason) {
    case 'owner':
      return `${path} belongs to another user (uid ${uid}, ${bits}), who could replace what lies in it. Run Healdeck as that user, or choose a place below directories of root or of your own`;
    case 'writable': {
      const who = [(mode & 0o020) !== 0 ? 'its group' : '', (mode & 0o002) !== 0 ? 'everybody' : ''].filter(Boolean);
      const change = `${(mode & 0o020) !== 0 ? 'g' : ''}${(mode & 0o002) !== 0 ? 'o' : ''}-w`;
      return `${path} can be written by ${who.join(' and ')} (uid ${uid}, ${bits}). Run: chmod ${change} ${path}`;
    }
    case 'link_owner':
      return `${path} is a symbolic link of another user (uid ${uid}). Remove it, or name the place that it points to`;
    case 'link_loop':
      return `${path} is a symbolic link that leads nowhere. Remove it`;
  }
}

function unsafe(path: string, { uid, mode }: PathPart, reason: UnsafePart['reason']): UnsafePart {
  return { path, uid, mode, reason };
}

function isWritable({ kind, mode }: PathPart): boolean {
  return (mode & 0o022) !== 0 && !(kind === 'directory' && (mode & STICKY) !== 0);
}

function partsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
