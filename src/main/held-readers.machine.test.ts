import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../shared/model/watch';
import { eventually, temporaryFolder } from './adapters/testing/children';
import { compileHolder, startHolder, type Holder } from './adapters/testing/holder';
import { prepareEngines, type ComposedEngines } from './testing/composed';
import { EngineBench } from './testing/engine-bench';

const tools = temporaryFolder();
mkdirSync(join(tools.path, 'holder'));
chmodSync(tools.path, 0o755);
const program = compileHolder(join(tools.path, 'holder'));

let engines: ComposedEngines;
let bench: EngineBench;
let holders: Holder[];

beforeAll(async () => {
  engines = await prepareEngines();
});
afterAll(() => {
  engines.dispose();
  tools.remove();
});
beforeEach(() => {
  bench = new EngineBench(engines);
  holders = [];
});
afterEach(async () => {
  // An engine that ends while they hold a thread of it ends this process.
  for (const holder of holders) await holder.end();
  await bench.dispose();
});

describe.runIf(program !== null)('processes that hold up whoever reads them', () => {
  it.each([
    ['before the engine starts', true],
    ['while it runs', false],
  ])('do not stop it from healing: %s', async (_, isBefore) => {
    const hold = async (): Promise<void> => {
      holders = (['exec', 'memory', 'exec'] as const).map((part) => startHolder(program!, part));
      await Promise.all(holders.map(({ held }) => held));
    };
    if (isBefore) await hold();
    const engine = await bench.start();
    const target = {
      kind: 'command' as const,
      command: { argv: ['/bin/sleep', '600'], cwd: '/', env: {}, user: null },
    };
    const spec = watchSpecSchema.parse({ name: 'svc', target, restart: 'always' });
    await engine.watches.add(spec, 'cli');
    if (!isBefore) await hold();
    const pid = (): number => engine.watches.list()[0]?.processes[0]?.pid ?? 0;
    const first = pid();
    const startedMs = performance.now();
    process.kill(first, 'SIGKILL');
    await eventually('another start', () => pid() !== 0 && pid() !== first);
    // Ten seconds later they would have let go by themselves.
    expect(performance.now() - startedMs).toBeLessThan(8000);
    expect(engine.processes.list().length).toBeGreaterThan(1);
  });
});
