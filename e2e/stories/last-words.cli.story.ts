import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventData } from '../../src/shared/model/event';
import { expect, test } from '../fixtures/headless';
import type { Cli } from '../fixtures/cli';

/** Two threads wait for each other, and a third one turns in a circle. */
const JAVA = `
public class Hung {
  public static void main(String[] args) throws Exception {
    Object one = new Object(), two = new Object();
    new Thread(() -> take(one, two), "waits-for-two").start();
    new Thread(() -> take(two, one), "waits-for-one").start();
    Thread.sleep(3000);
    while (true) Math.sqrt(System.nanoTime());
  }
  static void take(Object first, Object second) {
    synchronized (first) {
      try { Thread.sleep(500); } catch (InterruptedException e) { return; }
      synchronized (second) { System.out.println("never"); }
    }
  }
}
`;
const GO = `package main

import "time"

func waitsForever(never chan int) { <-never }

func main() {
	go waitsForever(make(chan int))
	time.Sleep(3 * time.Second)
	for i := 0; ; i++ {
	}
}
`;
const PYTHON = `
import faulthandler, signal, time
faulthandler.register(signal.SIGUSR1)
def turns_in_a_circle():
    while True:
        pass
time.sleep(3)
turns_in_a_circle()
`;
const LIMIT = ['--cpu', '30', '--limit-action', 'restart', '--tolerance', '2/3', '--set', 'start.graceMs=1s'];
const dumpBy = (signal: string): string[] => ['--set', `dump.signal=${signal}`, '--set', 'dump.waitMs=20s'];
const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

test.setTimeout(180_000);

test('a hung Java program is ended with its thread dump kept', async ({ engine }) => {
  test.skip(!isThere('java', '-version'), 'there is no Java');
  const program = join(engine.dataDir, 'Hung.java');
  writeFileSync(program, JAVA);
  // Its compiler uses the processor before the program does.
  await add(engine.cli, 'SIGQUIT', ['--set', 'start.graceMs=15s'], ['java', '-Xmx200m', program]);
  const { dump } = await lastWords(engine.cli);
  expect(dump?.text).toContain('Full thread dump');
  expect(dump?.text).toMatch(/"waits-for-two"[\s\S]*BLOCKED/);
  expect(dump?.text).toContain('Found one Java-level deadlock');
});

test('a hung Go program is ended by the dump, which is kept, and that is no crash', async ({ engine }) => {
  test.skip(!isThere('go', 'version'), 'there is no Go');
  const source = join(engine.dataDir, 'hung.go');
  const program = join(engine.dataDir, 'hung');
  writeFileSync(source, GO);
  const env = { ...process.env, GOFLAGS: '-mod=mod', GO111MODULE: 'off', GOCACHE: join(engine.dataDir, 'go-cache') };
  const built = spawnSync('go', ['build', '-o', program, source], { cwd: engine.dataDir, env });
  expect(String(built.stderr)).toBe('');
  await add(engine.cli, 'SIGQUIT', [], [program]);
  const { dump, tookMs } = await lastWords(engine.cli);
  expect(dump?.text).toContain('SIGQUIT: quit');
  expect(dump?.text).toContain('main.waitsForever');
  expect(tookMs).toBeLessThan(10_000);
  await expect.poll(async () => (await engine.cli.watch('hung')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
  const types = (await engine.cli.events({ watch: 'hung' })).map(({ type }) => type);
  expect(types).not.toContain('crash_detected');
  expect(types.slice(2, 6)).toEqual(['limit_exceeded', 'last_words', 'killed', 'restarted']);
});

test('a hung Python program is ended with its stack kept', async ({ engine }) => {
  test.skip(!isThere('python3', '--version'), 'there is no Python');
  const program = join(engine.dataDir, 'hung.py');
  writeFileSync(program, PYTHON);
  await add(engine.cli, 'SIGUSR1', [], ['python3', program]);
  const { dump, processes } = await lastWords(engine.cli);
  expect(dump?.text).toContain('in turns_in_a_circle');
  expect(processes[0]?.files).toContainEqual(expect.objectContaining({ fd: 2 }));
});

async function add(cli: Cli, signal: string, options: readonly string[], argv: readonly string[]): Promise<void> {
  await cli.ok('settings', 'set', 'sampling.intervalMs', '500ms');
  await cli.ok('add', 'hung', ...LIMIT, ...dumpBy(signal), ...options, '--', ...argv);
}

/** Waits until the program was ended for its use of the processor. */
async function lastWords(cli: Cli): Promise<EventData['last_words']> {
  const newest = async () => (await cli.events({ watch: 'hung', types: ['last_words'] }))[0];
  await expect.poll(newest, { timeout: 120_000 }).toBeDefined();
  const event = await newest();
  if (event?.type !== 'last_words') throw new Error('no last words');
  return event.data;
}
