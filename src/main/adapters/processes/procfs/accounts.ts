import { readFileSync, statSync } from 'node:fs';
import { parsePasswd } from '../../files/passwd';

const MIN_AGE_MS = 1000;

/** Names of user ids, from the passwd file; a number that is not there (a directory service's) stays a number. */
export class Accounts {
  /** Rises when names may have changed. */
  version = 0;
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private modifiedAtMs = -1;
  private names = new Map<number, string>();

  constructor(private readonly path = '/etc/passwd') {}

  /** Reads the file again if it has changed; checks at most once a second. `nowMs` is monotonic. */
  refresh(nowMs: number): void {
    if (nowMs - this.checkedAtMs < MIN_AGE_MS) return;
    this.checkedAtMs = nowMs;
    const modifiedAtMs = statSync(this.path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modifiedAtMs === this.modifiedAtMs) return;
    this.modifiedAtMs = modifiedAtMs;
    try {
      this.names = namesByUid(readFileSync(this.path, 'utf8'));
      this.version++;
    } catch {
      // Not readable: the names known so far are the best there are.
    }
  }

  nameOf(uid: number): string {
    return this.names.get(uid) ?? String(uid);
  }
}

/** Names by their ids; of two names for one id the first counts, as in getpwuid(3). */
export function namesByUid(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const { name, uid } of parsePasswd(text)) if (!names.has(uid)) names.set(uid, name);
  return names;
}
