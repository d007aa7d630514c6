import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSystemCalls } from '../processes/pidfd/system-calls';
import { eventually, temporaryFolder } from '../testing/children';
import { listenForNotices, type NotifyListener } from '../testing/notify-listener';
import { sendToManager } from './send-to-manager';

const loaded = loadSystemCalls();
const withoutCalls = { available: false, reason: 'test' } as const;
const PATH = process.env['PATH'];
const hasProgram = spawnSync('systemd-notify', ['--version']).status === 0;

let folder: ReturnType<typeof temporaryFolder>;
let listener: NotifyListener | null = null;

beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  listener?.close();
  listener = null;
  folder.remove();
});

const ways = [
  ['a system call', loaded, true],
  ['systemd-notify', withoutCalls, hasProgram],
] as const;

describe.runIf(loaded.available && loaded.sockets !== null)('a service manager', () => {
  for (const [way, calls, canRun] of ways) {
    it.runIf(canRun).each([
      ['a path', () => join(folder.path, 'notify')],
      ['an abstract name', () => `@healdeck-test-${process.pid}`],
    ])(`hears from this process by ${way} at %s`, async (_what, addressOf) => {
      const address = addressOf();
      listener = listenForNotices(address);
      const sent = sendToManager(address, calls, PATH)('READY=1\nSTATUS=api is down · 2 running');
      const [first] = await eventually('a datagram', () => {
        const taken = listener?.take() ?? [];
        return taken.length > 0 && taken;
      });
      expect(first?.text).toBe('READY=1\nSTATUS=api is down · 2 running');
      if (way === 'a system call') expect(first?.pid).toBe(process.pid);
      // systemd-notify waits for the one that reads to close a descriptor that it sends (BARRIER=1).
      await sent;
    });
  }

  it('that is gone, or reads nothing, is a problem in words, without a wait', async () => {
    const address = join(folder.path, 'notify');
    const send = sendToManager(address, loaded, PATH);
    expect(await send('READY=1')).toBe(`${address}: ENOENT`);
    listener = listenForNotices(address);
    let problem: string | null = null;
    for (let count = 0; count < 10_000 && problem === null; count += 1) problem = await send('WATCHDOG=1');
    expect(problem).toBe(`${address}: EAGAIN`);
  });

  it('that can be reached in no way is a problem in words', async () => {
    expect(await sendToManager('/nowhere', withoutCalls, folder.path)('READY=1')).toMatch(/^systemd-notify: .*ENOENT/);
  });
});
