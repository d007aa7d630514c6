import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DrillStep } from '../../shared/model/drill';
import { DrillRunner } from './drill-runner';

/** A command line that tells steps as `drill-steps` does, and says at its end how it ended. */
const CLI = `
const { writeFileSync } = require('node:fs');
const say = (step) => console.log(JSON.stringify(step));
const end = (why, code) => { writeFileSync(__dirname + '/ended', why); process.exit(code); };
process.on('SIGTERM', () => end('asked', 1));
process.stdin.on('close', () => end('alone', 1)).resume();
say({ kind: 'ready' });
const [command, scenario] = process.argv.slice(2);
say({ kind: 'begun', scenario: command + ' ' + scenario + ' ' + Object.keys(process.env).filter((name) => name.startsWith('HEALDECK_')) });
if (scenario === 'crash') { say({ kind: 'ended', passed: true }); end('done', 0); }
if (scenario === 'loop') { console.error('no /proc here'); end('broken', 1); }
setInterval(() => {}, 1000);
`;

describe('a drill in a process of its own', () => {
  let folder: string;
  let drill: DrillRunner;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hd-drill-runner-'));
    writeFileSync(join(folder, 'cli.js'), CLI);
    // A mail server of the operator's is as little of the drill's concern as the data.
    const ours = {
      HEALDECK_DATA_DIR: '/ours',
      HEALDECK_SMTP_HOST: 'mail.example.org',
      HEALDECK_SMTP_TO: 'ada@example.org',
    };
    drill = new DrillRunner({ cli: join(folder, 'cli.js'), env: { ...process.env, ...ours } });
  });
  afterEach(async () => {
    await drill.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function collect(steps: AsyncIterable<DrillStep>): Promise<DrillStep[]> {
    const all: DrillStep[] = [];
    for await (const step of steps) all.push(step);
    return all;
  }

  it('tells its steps to the end, and knows nothing of this engine', async () => {
    expect(await collect(drill.run(['crash'], undefined))).toEqual([
      { kind: 'ready' },
      { kind: 'begun', scenario: 'drill-steps crash ' },
      { kind: 'ended', passed: true },
    ]);
  });

  it('says why it broke off', async () => {
    await expect(collect(drill.run(['loop'], undefined))).rejects.toThrow('the drill stopped: no /proc here');
  });

  it('is one at a time, and another may follow', async () => {
    const first = drill.run(['spin'], undefined);
    await first.next();
    await expect(drill.run(['crash'], undefined).next()).rejects.toMatchObject({ code: 'conflict' });
    await first.return();
    expect(await collect(drill.run(['crash'], undefined))).toHaveLength(3);
  });

  it.each(['the signal', 'the reader', 'the engine'] as const)('is ended by %s', async (by) => {
    const abort = new AbortController();
    const steps = drill.run(['spin'], abort.signal);
    await steps.next();
    await steps.next();
    const rest = by === 'the reader' ? steps.return() : steps.next();
    if (by === 'the signal') abort.abort();
    if (by === 'the engine') await drill.dispose();
    const outcome = await rest.then(
      ({ done }) => done,
      (error: unknown) => String(error),
    );
    expect(readFileSync(join(folder, 'ended'), 'utf8')).toBe('asked');
    // An engine that ends breaks the drill off; whoever wanted its end is not notified of it.
    if (by === 'the engine') expect(outcome).toContain('the drill stopped');
    else expect(outcome).toBe(true);
  });
});
