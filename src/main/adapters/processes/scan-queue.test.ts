import { describe, expect, it } from 'vitest';
import { oneAtATime } from './scan-queue';

interface Run {
  finish(): void;
  fail(): void;
}

function recorded() {
  const runs: Run[] = [];
  const call = oneAtATime(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = runs.length;
        runs.push({ finish: () => resolve(number), fail: () => reject(new Error(`run ${number} failed`)) });
      }),
  );
  return { runs, call };
}

describe('calls that are served one at a time', () => {
  it('starts at once when nothing runs', async () => {
    const { runs, call } = recorded();
    const first = call();
    expect(runs).toHaveLength(1);
    runs[0]!.finish();
    expect(await first).toBe(0);
    const second = call();
    runs[1]!.finish();
    expect(await second).toBe(1);
  });

  it('gives callers during a run one later run that they share', async () => {
    const { runs, call } = recorded();
    const first = call();
    const second = call();
    const third = call();
    expect(runs).toHaveLength(1);
    runs[0]!.finish();
    expect(await first).toBe(0);
    await Promise.resolve();
    expect(runs).toHaveLength(2);
    const fourth = call();
    expect(runs).toHaveLength(2);
    runs[1]!.finish();
    expect(await Promise.all([second, third])).toEqual([1, 1]);
    await Promise.resolve();
    runs[2]!.finish();
    expect(await fourth).toBe(2);
  });

  it('goes on after a run that failed', async () => {
    const { runs, call } = recorded();
    const first = call();
    const second = call();
    runs[0]!.fail();
    await expect(first).rejects.toThrow('run 0 failed');
    await Promise.resolve();
    runs[1]!.finish();
    expect(await second).toBe(1);
  });
});
