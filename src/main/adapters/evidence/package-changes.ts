import type { PackageChange } from '../../engine/ports';
import { endOfFile } from '../logs/output-tail';
import { statOf } from '../logs/stat-of';
import { dpkgLogBegins, parseDpkgLog } from './package-log';

/** Some 10,000 lines: each package has about five. */
const MAX_LOG_BYTES = 1_000_000;
const MAX_CHANGES = 50;

/**
 * The packages that dpkg has changed since a moment, newest first. Null where it keeps no log: rpm's and apk's changes are in no file
 * that is text and that everybody may read.
 */
export function packageChanges(sinceMs: number, logDir: string): readonly PackageChange[] | null {
  const [file, older] = [`${logDir}/dpkg.log`, `${logDir}/dpkg.log.1`];
  if (statOf(file) === undefined && statOf(older) === undefined) return null;
  const text = textOf(file);
  // It was rotated (logrotate(8)) after that moment.
  const beginsAt = dpkgLogBegins(text);
  const before = beginsAt === null || beginsAt > sinceMs ? textOf(older) : '';
  return [...parseDpkgLog(before), ...parseDpkgLog(text)]
    .filter(({ at }) => at >= sinceMs)
    .slice(-MAX_CHANGES)
    .reverse();
}

function textOf(file: string): string {
  return endOfFile(file, MAX_LOG_BYTES).bytes.toString('latin1');
}
