import { statSync } from 'node:fs';
import { unsafeDataDir } from './data-dir';
import { UnsafeFileError } from './own-files';

/** Whether the path still names the directory that the engine was started on. What is asserted throws UnsafeFileError. */
export interface DataDirIdentity {
  /** `gone`: there is nothing at the path. */
  check(): 'same' | 'gone' | 'replaced';
  /** No other directory is in its place: a line may be appended. */
  assertSame(): void;
  /** It is still this engine's: a file may be replaced. */
  assertOwned(): void;
  /** Nobody else can exchange it: what is in it may be obeyed. */
  assertSafe(): void;
  /** We have created the directory again. */
  adopt(): void;
  /** Another engine has it from now on. */
  abandon(): void;
}

/** Remembers which directory it is. */
export function identifyDataDir(dir: string): DataDirIdentity {
  let known = identityOf(dir);
  let abandoned = false;
  const check = (): 'same' | 'gone' | 'replaced' => {
    const now = identityOf(dir);
    return now === known ? 'same' : now === null ? 'gone' : 'replaced';
  };
  const assertSame = (): void => {
    if (check() === 'replaced') throw new UnsafeFileError(`${dir} was replaced by another directory`);
  };
  return {
    check,
    assertSame,
    assertOwned() {
      if (abandoned) throw new UnsafeFileError(`another engine has taken over ${dir}`);
      assertSame();
    },
    assertSafe() {
      assertSame();
      const problem = unsafeDataDir(dir);
      if (problem !== null) throw new UnsafeFileError(problem);
    },
    adopt: () => void (known = identityOf(dir)),
    abandon: () => void (abandoned = true),
  };
}

/** Device and inode, or null when there is nothing. */
function identityOf(dir: string): string | null {
  const stats = statSync(dir, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
