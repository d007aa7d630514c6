import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretMask } from '../../../shared/lib/process/mask-secrets';
import { WATCH_MARK } from '../../engine/ports';
import { openPidfds } from '../processes/pidfd/pidfds';
import { bundleForNode } from '../testing/bundle';
import { startProgram } from '../testing/child';
import { eventually, lives, procStat, temporaryFolder } from '../testing/children';
import { commandCheck, createTestProber, wordsOf } from '../testing/prober';
import type { NetworkProber } from './prober';

const LIMIT_MS = 10_000;
const SHORT_MS = 300;
/** What an answer may take beyond its limit on a machine that is busy. */
const LITTLE_MS = 2000;

const support = openPidfds();
const pidfds = support.available ? support.pidfds : null;

let prober: NetworkProber;
let folder: ReturnType<typeof temporaryFolder>;
/** Processes that a test has left outside of the group on purpose. */
let escaped: number[];

beforeEach(() => {
  prober = createTestProber({ pidfds });
  folder = temporaryFolder();
  escaped = [];
});

afterEach(() => {
  prober.dispose();
  for (const pid of escaped) if (lives(pid)) process.kill(pid, 'SIGKILL');
  folder.remove();
});

const inFolder = (name: string): string => join(folder.path, name);
const ask = (script: string, limitMs = LIMIT_MS): Promise<string> =>
  wordsOf(prober.ask(commandCheck(['/bin/sh', '-c', script]), limitMs));
/** A pid that a script has written to a file. */
const pidIn = (name: string): Promise<number> =>
  eventually(`a pid in ${name}`, () => existsSync(inFolder(name)) && Number(readFileSync(inFolder(name), 'utf8')));
const isGone = (pid: number): Promise<true> => eventually(`the end of ${pid}`, () => procStat(pid) === null);

async function askInTime(script: string, limitMs = SHORT_MS): Promise<string> {
  const startedMs = performance.now();
  const words = await ask(script, limitMs);
  expect(performance.now() - startedMs).toBeLessThan(limitMs + LITTLE_MS);
  return words;
}

describe('a command check', () => {
  it('passes with exit code 0', async () => {
    expect(await ask('echo fine; exit 0')).toBe('passed: exit code 0');
  });

  it('fails with another exit code and the last line of its output', async () => {
    expect(await ask('echo first; echo "\\033[31mlast " >&2; echo; exit 2')).toBe('failed: exit code 2: \\x1b[31mlast');
    expect(await ask('exit 3')).toBe('failed: exit code 3');
    prober = createTestProber({ mask: secretMask(['db-password']) });
    expect(await ask('echo no login with db-password; exit 1')).toBe('failed: exit code 1: no login with •••');
  });

  it('fails by the signal that ended it', async () => {
    expect(await ask('kill -SEGV $$')).toBe('failed: killed by SIGSEGV');
  });

  it.runIf(pidfds?.reportsExits)('fails by a signal that Node has no name for', async () => {
    expect(await ask('kill -40 $$')).toMatch(/^failed: killed by /);
  });

  it('runs with the arguments, the directory and exactly the environment of its launch, without the mark', async () => {
    const print = 'pwd; env; cat; exit 0';
    const env = { GREETING: 'hi', [WATCH_MARK]: 'not for probes' };
    const argv = ['/bin/sh', '-c', `(${print}) > ${inFolder('out')}`];
    expect(await wordsOf(prober.ask(commandCheck(argv, { cwd: folder.path, env }), LIMIT_MS))).toBe(
      'passed: exit code 0',
    );
    const lines = readFileSync(inFolder('out'), 'utf8').trim().split('\n');
    const shells = /^(?:PWD|OLDPWD|SHLVL|_)=/;
    expect(lines.filter((line) => !shells.test(line))).toEqual([folder.path, 'GREETING=hi']);
  });

  it.runIf(process.getuid?.() === 0)('runs as the user of its launch, with the groups of that user', async () => {
    const own = `${execFileSync('id', ['-u', 'daemon'])}${execFileSync('id', ['-G', 'daemon'])}`.trim();
    const check = commandCheck(['/bin/sh', '-c', 'echo "$(id -u) $(id -G)"; exit 1'], { user: 'daemon' });
    expect(await wordsOf(prober.ask(check, LIMIT_MS))).toBe(`failed: exit code 1: ${own.replace('\n', ' ')}`);
  });

  it('explains why it could not be started', async () => {
    const missing = await wordsOf(prober.ask(commandCheck(['no-such-program']), LIMIT_MS));
    expect(missing).toMatch(/^failed: could not be started: There is no program "no-such-program" on PATH/);
    const nobody = await wordsOf(prober.ask(commandCheck(['true'], { user: 'no-such-user' }), LIMIT_MS));
    expect(nobody).toMatch(/^failed: could not be started: There is no user "no-such-user"/);
  });

  it('is no fault of the machine for all of these', async () => {
    for (const argv of [['no-such-program'], ['false']]) {
      expect(await prober.ask(commandCheck(argv), LIMIT_MS).answer).not.toHaveProperty('machineFault');
    }
  });
});

describe('the end of a command check', () => {
  it('comes at the limit for one that ignores signals, and for all that it has started', async () => {
    const script = `trap '' TERM INT HUP; echo $$ > ${inFolder('pid')}; sleep 60 & echo $! > ${inFolder('child')}; wait; wait`;
    expect(await askInTime(script)).toBe('failed: no end within 300 ms');
    await isGone(await pidIn('pid'));
    await isGone(await pidIn('child'));
  });

  it('is that of the program, and ends what it has left behind', async () => {
    expect(await askInTime(`sleep 60 & echo $! > ${inFolder('child')}; exit 0`, LIMIT_MS)).toBe('passed: exit code 0');
    await isGone(await pidIn('child'));
  });

  it('does not wait for a daemon that keeps its output open', async () => {
    const daemon = `setsid sh -c 'echo $$ > ${inFolder('daemon')}; exec sleep 60'`;
    const script = `${daemon} & while [ ! -s ${inFolder('daemon')} ]; do sleep 0.01; done; echo started; exit 4`;
    const startedMs = performance.now();
    expect(await ask(script)).toBe('failed: exit code 4: started');
    expect(performance.now() - startedMs).toBeLessThan(LIMIT_MS / 2);
    escaped.push(await pidIn('daemon'));
    expect(escaped.every(lives)).toBe(true);
  });

  it('comes for a flood, without filling the memory of the engine', async () => {
    const before = process.memoryUsage.rss();
    expect(await askInTime('yes flood', 1500)).toBe('failed: no end within 1.5 s');
    expect(process.memoryUsage.rss() - before).toBeLessThan(60_000_000);
  });

  it('has the last line of an output that is long', async () => {
    expect(await ask('yes filler | head -c 3000000; echo; echo at last; exit 1')).toBe('failed: exit code 1: at last');
  });

  it('comes at once when it is cancelled, and each child is reaped', async () => {
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /Process|Pipe|Timeout/.test(kind)).length;
    const before = handles();
    const attempt = prober.ask(commandCheck(['/bin/sh', '-c', `echo $$ > ${inFolder('pid')}; sleep 60`]), LIMIT_MS);
    const pid = await pidIn('pid');
    expect(procStat(pid)).toMatchObject({ pgid: pid, session: pid });
    attempt.cancel();
    expect(await wordsOf(attempt)).toBe('failed: cancelled');
    await isGone(pid);
    await eventually('what was open before', () => handles() <= before);
  });
});

describe('a machine that is short of open files', () => {
  it('is the fault of no program', async () => {
    const bundle = await bundleForNode('src/main/adapters/testing/short-of-files.ts');
    try {
      const script = 'ulimit -n 64; exec "$@"';
      const child = startProgram('/bin/sh', ['-c', script, 'sh', process.execPath, bundle.file]);
      const answers = (await child.ended)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(answers).toEqual([
        { passed: false, words: 'Healdeck has reached its limit of open files (EMFILE)', machineFault: true },
        { passed: false, words: 'Healdeck has reached its limit of open files (EMFILE)', machineFault: true },
        {
          passed: false,
          words: expect.stringMatching(/^could not be started: Healdeck has reached its limit of open files/),
          machineFault: true,
        },
      ]);
    } finally {
      bundle.dispose();
    }
  });
});
