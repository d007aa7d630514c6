import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../../shared/model/process';
import { createSignaller, type Kill, type Priority } from './signaller';

interface Sent {
  pid: number;
  signal: string | number;
}

/** A machine whose processes are a table; its kill records what it sends and fails as kill(2) does. */
function machine(processes: readonly ProcessIdentity[], failure?: string) {
  const sent: Sent[] = [];
  const kill: Kill = (pid, signal) => {
    if (failure !== undefined) throw Object.assign(new Error(failure), { code: failure });
    sent.push({ pid, signal });
  };
  const identify = (pid: number): ProcessIdentity | null => processes.find((process) => process.pid === pid) ?? null;
  return { sent, signaller: createSignaller({ identify, kill }) };
}

describe('the signaller', () => {
  it('sends to the process that was meant', () => {
    const { sent, signaller } = machine([{ pid: 400, startTime: 7 }]);
    expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('sent');
    expect(sent).toEqual([{ pid: 400, signal: 'SIGTERM' }]);
  });

  it('sends nothing to another process that has the pid now', () => {
    const { sent, signaller } = machine([{ pid: 400, startTime: 8 }]);
    expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGKILL')).toBe('reused');
    expect(sent).toEqual([]);
  });

  it('looks again before every signal', () => {
    let startTime = 7;
    const sent: Sent[] = [];
    const signaller = createSignaller({
      identify: (pid) => ({ pid, startTime }),
      kill: (pid, signal) => sent.push({ pid, signal }),
    });
    expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('sent');
    startTime = 8;
    expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGKILL')).toBe('reused');
    expect(sent).toEqual([{ pid: 400, signal: 'SIGTERM' }]);
  });

  describe('with a descriptor of the process', () => {
    /** A kernel in which the process that was meant ends right after the check, and its pid goes to another one. */
    function withPidfds(refusal: string | null, open = true) {
      const calls: string[] = [];
      const signaller = createSignaller({
        identify: (pid) => (calls.push('identify'), { pid, startTime: 7 }),
        kill: (pid, signal) => calls.push(`kill ${pid} ${signal}`),
        pidfds: {
          open: (pid) => (calls.push(`open ${pid}`), open ? 9 : null),
          send: (fd, signal) => (calls.push(`send ${fd} ${signal}`), refusal),
          close: (fd) => calls.push(`close ${fd}`),
        },
      });
      return { calls, signaller };
    }

    it('signals no pid: check and signal are of one process', () => {
      const { calls, signaller } = withPidfds(null);
      expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('sent');
      expect(calls).toEqual(['open 400', 'identify', 'send 9 SIGTERM', 'close 9']);
    });

    it.each([
      ['ESRCH', 'gone'],
      ['EPERM', 'not_permitted'],
    ])('knows by %s that the process is %s, and signals nobody else', (refusal, result) => {
      const { calls, signaller } = withPidfds(refusal);
      expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGKILL')).toBe(result);
      expect(calls).toEqual(['open 400', 'identify', 'send 9 SIGKILL', 'close 9']);
    });

    it('sends nothing to another process that has the pid, and keeps no descriptor of it', () => {
      const { calls, signaller } = withPidfds(null);
      expect(signaller.send({ pid: 400, startTime: 6 }, 'SIGTERM')).toBe('reused');
      expect(calls).toEqual(['open 400', 'identify', 'close 9']);
    });

    it('signals by pid when no descriptor is left', () => {
      const { calls, signaller } = withPidfds(null, false);
      expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('sent');
      expect(calls).toEqual(['open 400', 'identify', 'kill 400 SIGTERM']);
    });

    it('does not hide an error that it does not know', () => {
      const { calls, signaller } = withPidfds('EINVAL');
      expect(() => signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toThrow('EINVAL');
      expect(calls.at(-1)).toBe('close 9');
    });
  });

  it('says that a process is gone, before the kill or during it', () => {
    expect(machine([]).signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('gone');
    const dying = machine([{ pid: 400, startTime: 7 }], 'ESRCH');
    expect(dying.signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('gone');
  });

  it('says that a process belongs to somebody else', () => {
    const { signaller } = machine([{ pid: 400, startTime: 7 }], 'EPERM');
    expect(signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toBe('not_permitted');
  });

  it('does not hide an error that it does not know', () => {
    const { signaller } = machine([{ pid: 400, startTime: 7 }], 'EINVAL');
    expect(() => signaller.send({ pid: 400, startTime: 7 }, 'SIGTERM')).toThrow('EINVAL');
  });

  it('never signals init, a group, everything or itself, whatever it is asked and told', () => {
    const pid = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 1, 2, process.pid, Number.NaN, 1.5));
    fc.assert(
      fc.property(
        pid,
        fc.nat(),
        fc.constantFrom('SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT'),
        (asked, startTime, signal) => {
          const { sent, signaller } = machine([{ pid: asked, startTime }]);
          const result = signaller.send({ pid: asked, startTime }, signal);
          const allowed = Number.isSafeInteger(asked) && asked > 1 && asked !== process.pid;
          expect(result).toBe(allowed ? 'sent' : 'not_permitted');
          expect(sent).toEqual(allowed ? [{ pid: asked, signal }] : []);
        },
      ),
    );
  });

  it('sends nothing whenever pid or start time differ', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 }), fc.nat(), fc.nat(), (pid, owner, asked) => {
        fc.pre(owner !== asked && pid !== process.pid);
        const { sent, signaller } = machine([{ pid, startTime: owner }]);
        expect(signaller.send({ pid, startTime: asked }, 'SIGKILL')).toBe('reused');
        expect(sent).toEqual([]);
      }),
    );
  });
});

describe('a process group', () => {
  it('exists when it can be reached, or belongs to somebody else', () => {
    const { sent, signaller } = machine([]);
    expect(signaller.groupExists(400)).toBe(true);
    expect(sent).toEqual([{ pid: -400, signal: 0 }]);
    expect(machine([], 'EPERM').signaller.groupExists(400)).toBe(true);
    expect(machine([], 'ESRCH').signaller.groupExists(400)).toBe(false);
  });

  it('is never asked for as 0, 1 or a negative number: those mean other things to kill(2)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ max: 1 }), fc.constant(Number.NaN), fc.constant(2.5)), (pgid) => {
        const { sent, signaller } = machine([]);
        expect(signaller.groupExists(pgid)).toBe(false);
        expect(sent).toEqual([]);
      }),
    );
  });
});

describe('lowering the priority', () => {
  /** A process of three threads with these values; `failing` threads can't be changed. */
  function threads(nice: Record<number, number>, failing: readonly number[] = []) {
    const priority: Priority = {
      get: (id) => nice[id] ?? 0,
      set: (id, value) => {
        if (failing.includes(id)) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        nice[id] = value;
      },
      threadsOf: () => Object.keys(nice).map(Number),
    };
    const identify = (pid: number): ProcessIdentity => ({ pid, startTime: 7 });
    return { nice, signaller: createSignaller({ identify, kill: () => undefined, priority }) };
  }

  it('lowers all threads, and raises none', () => {
    const { nice, signaller } = threads({ 400: 0, 401: -5, 402: 19 });
    expect(signaller.lowerPriority({ pid: 400, startTime: 7 })).toBe(10);
    expect(nice).toEqual({ 400: 10, 401: 10, 402: 19 });
  });

  it('leaves another process that has the pid now as it is', () => {
    const { nice, signaller } = threads({ 400: 0 });
    expect(signaller.lowerPriority({ pid: 400, startTime: 6 })).toBeNull();
    expect(nice).toEqual({ 400: 0 });
  });

  it('says when it is refused, and overlooks a thread that ended', () => {
    expect(threads({ 400: 0 }, [400]).signaller.lowerPriority({ pid: 400, startTime: 7 })).toBeNull();
    expect(threads({ 400: 0, 401: 0 }, [401]).signaller.lowerPriority({ pid: 400, startTime: 7 })).toBe(10);
  });
});
