import { describe, expect, it } from 'vitest';
import { SharedJobs } from './shared-jobs';

/** Jobs that the test ends. */
function createJobs(max: number) {
  const jobs = new SharedJobs<string>(max);
  const started: string[] = [];
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const run = (key: string): Promise<string> =>
    jobs.run(key, () => {
      started.push(key);
      return new Promise((resolve, reject) => ends.set(key, { resolve, reject }));
    });
  return { run, started, ends };
}

/** Lets what follows from a promise happen. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('shared jobs', () => {
  it('run so many at a time, in turn', async () => {
    const { run, started, ends } = createJobs(2);
    const results = ['a', 'b', 'c', 'd'].map((key) => run(key));
    await turns();
    expect(started).toEqual(['a', 'b']);
    ends.get('b')?.resolve('B');
    await turns();
    expect(started).toEqual(['a', 'b', 'c']);
    ends.get('a')?.reject(new Error('no'));
    await turns();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    for (const key of ['c', 'd']) ends.get(key)?.resolve(key.toUpperCase());
    expect(await Promise.allSettled(results)).toMatchObject([
      { status: 'rejected' },
      { value: 'B' },
      { value: 'C' },
      { value: 'D' },
    ]);
  });

  it('are shared by all who ask for the same, and run again afterwards', async () => {
    const { run, started, ends } = createJobs(1);
    const [first, second] = [run('a'), run('a')];
    await turns();
    ends.get('a')?.resolve('A');
    expect(await Promise.all([first, second])).toEqual(['A', 'A']);
    const third = run('a');
    await turns();
    expect(started).toEqual(['a', 'a']);
    ends.get('a')?.resolve('A2');
    expect(await third).toBe('A2');
  });
});
