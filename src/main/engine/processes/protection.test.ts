import { describe, expect, it } from 'vitest';
import { indexOf, sampleOf } from '../testing/sample';
import { Protection } from './protection';

describe('protection', () => {
  const index = indexOf(
    { pid: 1, ppid: 0, name: 'init' },
    { pid: 2, ppid: 0, name: 'kthreadd', kernel: true },
    { pid: 50, name: 'login' },
    { pid: 60, ppid: 50, name: 'bash', session: 60 },
    { pid: 100, ppid: 60, name: 'healdeck', session: 60 },
    { pid: 101, ppid: 100, name: 'renderer', session: 60 },
    { pid: 102, ppid: 101, name: 'gpu', session: 60 },
    { pid: 200, ppid: 100, name: 'web', session: 200 },
    { pid: 300, name: 'Xorg' },
    { pid: 301, ppid: 100, name: 'Xorg', session: 301 },
    { pid: 400, name: 'innocent' },
  );
  const protection = new Protection(index, 100, new Set([301]));
  const reason = (pid: number) => protection.reasonFor(index.byPidOrNull(pid) ?? sampleOf({ pid }));

  it('covers the first process, kernel threads, Healdeck with its parts and ancestors, and the display server', () => {
    for (const pid of [1, 2, 50, 60, 100, 101, 102, 300]) expect(reason(pid), `pid ${pid}`).not.toBeNull();
  });

  it('leaves watched children alone, a display server among them, and everything else', () => {
    for (const pid of [200, 301, 400]) expect(reason(pid), `pid ${pid}`).toBeNull();
  });
});
