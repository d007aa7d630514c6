import { describe, expect, it } from 'vitest';
import { OwnGroup, type GroupPidfds } from './own-group';

/** No pid of Linux is that large (proc_sys_kernel(5), pid_max). */
const FREE_PID = 2 ** 30;

function group(pid: number, code: string | null) {
  const done: string[] = [];
  const pidfds: GroupPidfds = {
    open: () => 7,
    sendToGroup: (fd, signal) => (done.push(`${signal} to the group of ${fd}`), code),
    close: (fd) => done.push(`close ${fd}`),
  };
  const own = new OwnGroup(pid, pidfds, (target, signal) => done.push(`${signal} to ${target}`));
  return { own, done };
}

describe('the group of a child', () => {
  it('is killed by its descriptor, never by its number', () => {
    const { own, done } = group(FREE_PID, null);
    own.killAll();
    own.leaderEnded();
    own.killAll();
    own.close();
    own.close();
    expect(done).toEqual(['SIGKILL to the group of 7', 'SIGKILL to the group of 7', 'close 7']);
  });

  it('that is empty by now is left alone', () => {
    const { own, done } = group(FREE_PID, 'ESRCH');
    own.killAll();
    expect(done).toEqual(['SIGKILL to the group of 7']);
  });

  it('is killed by its number where the kernel can do no better and its leader is not reaped', () => {
    const { own, done } = group(process.pid, 'EINVAL');
    own.killAll();
    expect(done.at(-1)).toBe(`SIGKILL to -${process.pid}`);
  });

  it('is not killed by a number that another process has by now', () => {
    const { own, done } = group(process.pid, 'EINVAL');
    own.leaderEnded();
    own.killAll();
    expect(done).toEqual(['SIGKILL to the group of 7']);
    const left = group(FREE_PID, 'EINVAL');
    left.own.leaderEnded();
    left.own.killAll();
    expect(left.done.at(-1)).toBe(`SIGKILL to -${FREE_PID}`);
  });
});
