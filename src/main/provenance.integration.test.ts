import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../shared/model/watch';
import type { WatchStatus } from '../shared/model/snapshot';
import { eventually, lives } from './adapters/testing/children';
import type { Healdeck } from './compose';
import { prepareEngines, type ComposedEngines } from './testing/composed';
import { EngineBench } from './testing/engine-bench';

/** Any user that is not ours will do: it needs no account. */
const ATTACKER = 65_534;
const mayPlayBoth = process.platform === 'linux' && process.geteuid?.() === 0;

let engines: ComposedEngines;
let bench: EngineBench;
let spoof: ChildProcess | null;
/** What the attacker's program writes whenever somebody runs it: that one's uid. */
let proof: string;
let attack: { PATH: string; LD_PRELOAD: string };

beforeAll(async () => {
  engines = await prepareEngines();
});
afterAll(() => engines.dispose());
beforeEach(() => {
  bench = new EngineBench(engines);
  spoof = null;
  const tools = join(bench.path, 'attacker');
  proof = join(tools, 'proof');
  mkdirSync(tools);
  writeFileSync(join(tools, 'helper'), `#!/bin/sh\necho uid=$(/usr/bin/id -u) >> '${proof}'\n`);
  for (const [path, mode] of [
    [bench.path, 0o755],
    [tools, 0o777],
    [join(tools, 'helper'), 0o755],
  ] as const) {
    chmodSync(path, mode);
  }
  attack = { PATH: `${tools}:/usr/bin:/bin`, LD_PRELOAD: join(tools, 'evil.so') };
});
afterEach(async () => {
  spoof?.kill('SIGKILL');
  await bench.dispose();
});

/** Whoever decides on the PATH of this program decides what runs with its rights. */
async function addProgram(script: string): Promise<{ pid: number; watchId: string; argv: string[] }> {
  const argv = ['/bin/sh', '-c', `helper 2>/dev/null; ${script}`];
  const engine = await bench.start();
  const target = { kind: 'command' as const, command: { argv, cwd: '/', env: {}, user: null } };
  const spec = watchSpecSchema.parse({ name: 'svc', target, restart: 'always' });
  const status = await engine.watches.add(spec, 'cli');
  return { pid: onlyPid(status), watchId: status.watch.id, argv };
}

function onlyPid({ processes }: WatchStatus): number {
  expect(processes).toHaveLength(1);
  return processes[0]?.pid ?? 0;
}

const status = (engine: Healdeck['engine']): WatchStatus => engine.watches.list()[0]!;
const environ = (pid: number): string[] => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
const uidOf = (pid: number): number => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
/** Name of the only child of a process, if it has one. */
function childOf(pid: number): string | null {
  const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return /^\d+$/.test(child) ? nameOf(Number(child)) : null;
}

function nameOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return null;
  }
}

const proven = (): string => (existsSync(proof) ? readFileSync(proof, 'utf8') : '');

/** A process of the attacker that looks like the program in all that he can choose. */
async function startSpoof([program = '', ...args]: readonly string[], mark: string): Promise<number> {
  const child = spawn(program, args, {
    ...{ uid: ATTACKER, gid: ATTACKER, detached: true, cwd: '/', stdio: 'ignore' },
    env: { ...attack, HEALDECK_WATCH: mark },
  });
  spoof = child;
  await eventually('the attack', () => proven().includes(`uid=${ATTACKER}`));
  return child.pid ?? 0;
}

async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await eventually('its end', () => !lives(pid));
}

describe.runIf(mayPlayBoth)('a root engine and an unprivileged user', () => {
  it.each([
    ['was stopped', 'its own mark'],
    ['died while no engine was running', 'its own mark'],
    ['died, and nothing is remembered of it', 'the id of its watch'],
  ])('who imitates a program that %s, with %s', async (what, known) => {
    const { pid, watchId, argv } = await addProgram('sleep 600; true');
    // All that others can read names no id.
    expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(
      watchId,
    );
    const own = environ(pid).find((line) => line.startsWith('HEALDECK_WATCH=')) ?? '';
    if (what === 'was stopped') await bench.engine.watches.stop({ watch: 'svc', actor: 'cli' });
    await bench.end();
    if (what !== 'was stopped') await killed(pid);
    if (what.includes('remembered')) {
      for (const file of ['state.json', 'state.json.backup']) rmSync(join(bench.dataDir, file), { force: true });
    }
    const impostor = await startSpoof(argv, known === 'its own mark' ? own.split('=')[1]! : watchId);

    const engine = await bench.start();
    if (what === 'was stopped') {
      expect(status(engine)).toMatchObject({ phase: 'stopped', processes: [] });
      expect(lives(impostor)).toBe(true);
    } else {
      // For a moment the dead one is still held, while it is looked up whether it goes on in another process.
      const restarted = await eventually(
        'a restart',
        () => status(engine).processes.some((process) => lives(process.pid)) && status(engine),
      );
      const program = onlyPid(restarted);
      expect([program === impostor, uidOf(program)]).toEqual([false, 0]);
      expect(environ(program).filter((line) => /evil|attacker/.test(line))).toEqual([]);
    }
    // He ends his own, and so would make root start it again.
    spoof?.kill('SIGKILL');
    await eventually('his end', () => !lives(impostor));
    await engine.watches.start({ watch: 'svc', actor: 'cli' });
    const program = onlyPid(status(engine));
    await eventually('the end of its first step', () => childOf(program) === 'sleep\n');
    expect(environ(program).filter((line) => /evil|attacker/.test(line))).toEqual([]);
    expect(proven()).not.toContain('uid=0');
  });

  it('whose service gave up its rights and has another environment now', async () => {
    // exec keeps pid and start time, and shows what whoever calls it gives: no other program can tell the two apart.
    const drop = `exec setpriv --reuid=${ATTACKER} --regid=${ATTACKER} --clear-groups env -i PATH='${attack.PATH}' sleep 600`;
    const { pid } = await addProgram(drop);
    await eventually('its change', () => nameOf(pid) === 'sleep\n');
    expect(uidOf(pid)).toBe(ATTACKER);
    await bench.end();
    const engine = await bench.start();
    expect(onlyPid(status(engine))).toBe(pid);
    await killed(pid);
    const next = await eventually('a restart', () => {
      const [process] = status(engine).processes;
      return process !== undefined && process.pid !== pid && process;
    });
    await eventually('its change', () => nameOf(next.pid) === 'sleep\n');
    expect(proven()).not.toContain('uid=0');
  });
});
