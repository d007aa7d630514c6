import { describe, expect, it } from 'vitest';
import { dpkgLogBegins, parseDpkgLog } from './package-log';

const LOG = `2026-11-30 19:14:46 startup archives unpack
2026-11-30 19:14:47 upgrade libssl3:amd64 3.0.15-1 3.0.16-1
2026-11-30 19:14:47 status half-configured libssl3:amd64 3.0.15-1
2026-11-30 19:14:48 install g++:amd64 <none> 4:12.2.0-3
2026-11-30 19:14:49 install redis:all 5:7.0-1 5:7.2-1
2026-11-30 19:14:50 configure libssl3:amd64 3.0.16-1 <none>
2026-11-30 19:14:51 trigproc libc-bin:amd64 2.36-9 <none>
2026-11-30 19:14:52 remove nginx 1.22.1-9 <none>
2026-11-30 19:14:53 purge nginx:all 1.22.1-9 <none>
`;
const at = (second: number) => new Date(2026, 10, 30, 19, 14, second).getTime();

describe('the log of dpkg', () => {
  it('has what was installed, upgraded and removed, in local time', () => {
    expect(parseDpkgLog(LOG)).toEqual([
      { name: 'libssl3', before: '3.0.15-1', after: '3.0.16-1', at: at(47) },
      { name: 'g++', before: null, after: '4:12.2.0-3', at: at(48) },
      // Its configuration had been left behind.
      { name: 'redis', before: null, after: '5:7.2-1', at: at(49) },
      { name: 'nginx', before: '1.22.1-9', after: null, at: at(52) },
    ]);
  });

  it('begins with its first whole line', () => {
    expect(dpkgLogBegins(LOG)).toBe(at(46));
    expect(dpkgLogBegins(LOG.slice(3))).toBe(at(47));
    expect(dpkgLogBegins('')).toBeNull();
    expect(parseDpkgLog(LOG.slice(LOG.indexOf('14:47 upgrade'))).map(({ name }) => name)).not.toContain('libssl3');
  });
});
