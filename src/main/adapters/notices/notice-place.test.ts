import { describe, expect, it } from 'vitest';
import { socketPath } from '../../../shared/lib/host/data-dir';
import { noticePlace } from './notice-place';

describe('the place of the socket for notices', () => {
  it('is in the data directory, and has room wherever the socket of the engine has', () => {
    const dataDir = `/${'d'.repeat(94)}`;
    const { path, mode } = noticePlace(dataDir, 1000);
    expect(path).toBe(`${dataDir}/notify.sock`);
    expect(path.length).toBe(socketPath(dataDir, 'linux').length);
    expect(mode).toBe(0o600);
  });

  it('is below /run where root is the engine, for each data directory another, and the same after a restart', () => {
    const place = noticePlace('/root/.config/healdeck', 0);
    expect(place.path).toMatch(/^\/run\/healdeck-[0-9a-f]{16}\/notify\.sock$/);
    expect(place).toMatchObject({ mode: 0o622, dirMode: 0o711 });
    expect(noticePlace('/root/.config/healdeck', 0)).toEqual(place);
    expect(noticePlace('/srv/healdeck', 0).path).not.toBe(place.path);
  });
});
