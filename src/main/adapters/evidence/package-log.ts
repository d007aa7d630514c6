import type { PackageChange } from '../../engine/ports';

/** A line that changes what is installed; `install` also stands for a package of which only the configuration was left. */
const CHANGE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) (install|upgrade|remove) ([^\s:]+)(?::\S+)? (\S+) (\S+)$/gm;

/** The changes in the text of dpkg.log (dpkg(1), `--log`), oldest first. Its times are local ones. */
export function parseDpkgLog(text: string): readonly PackageChange[] {
  return [...text.matchAll(CHANGE)].map(([, year, month, day, hour, minute, second, what, name = '', old, next]) => ({
    name,
    before: what === 'install' ? null : (old ?? null),
    after: what === 'remove' ? null : (next ?? null),
    at: localMs(year, month, day, hour, minute, second),
  }));
}

/** When the log begins, in ms since the epoch; null: it is empty. */
export function dpkgLogBegins(text: string): number | null {
  const first = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) /m.exec(text);
  return first === null ? null : localMs(...first.slice(1));
}

function localMs(...fields: (string | undefined)[]): number {
  const [year = 0, month = 1, ...rest] = fields.map(Number);
  return new Date(year, month - 1, ...(rest as [number, number, number, number])).getTime();
}
