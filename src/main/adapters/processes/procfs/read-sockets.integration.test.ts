import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSockets } from './process-facts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-sockets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the open sockets of a process', () => {
  it('are those of its descriptors that are sockets, of as many as are asked for', () => {
    for (let fd = 0; fd < 600; fd += 1)
      symlinkSync(fd % 2 === 0 ? `socket:[${fd}]` : 'pipe:[7]', join(folder, `${fd}`));
    expect(readSockets(folder)?.length).toBeLessThan(200);
    expect(readSockets(folder, 10_000)).toHaveLength(300);
  });

  it('are unknown where they may not be read', () => {
    expect(readSockets(join(folder, 'gone'), 10_000)).toBeNull();
  });

  it.runIf(process.platform === 'linux')('are one more with each that is opened', async () => {
    const own = () => readSockets(`/proc/${process.pid}/fd`, 10_000)?.length ?? 0;
    const before = own();
    const servers: Server[] = [];
    for (let at = 0; at < 5; at += 1) {
      const server = createServer();
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(join(folder, `${at}.sock`), resolve));
    }
    expect(own() - before).toBe(5);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });
});
