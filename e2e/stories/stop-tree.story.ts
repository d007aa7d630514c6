import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';
import { identify, isAlive, type Identity } from '../fixtures/processes';

interface Family {
  parent: number;
  children: number[];
  grandchildren: number[];
  ownSession: number;
}

test('stopping what others start after shows and ends three generations that ignore SIGTERM, and nothing else', async ({
  healdeck,
  outsider,
}) => {
  const { cli } = healdeck;
  const { watches } = healdeck.dashboard;
  await cli.ok('settings', 'set', 'stop.graceMs', '1000');
  // The same program, started by somebody else: nothing of it may be touched.
  const bystander = await outsider(['node', 'demo/forks-children.mjs', '--max-seconds', '120']);
  await cli.ok('add', 'family', '--', 'node', 'demo/forks-children.mjs', '--ignore-sigterm', '--own-session');

  const family = await printedFamily(healdeck.dataDir);
  const pids = [family.parent, ...family.children, ...family.grandchildren];
  expect(pids).toHaveLength(5);
  const identities = pids
    .map((pid) => identify(pid))
    .filter((found): found is NonNullable<typeof found> => found !== null);
  expect(identities).toHaveLength(5);
  expect(sessionOf(family.ownSession)).not.toBe(sessionOf(family.parent));

  // Others that start after it are the reason to ask first.
  await cli.ok('add', 'dependant', '--after', 'family', '--', 'node', 'demo/server.mjs', '0');
  await watches.expectState('dependant', 'Running');
  const inOrder = pids.toSorted((one, other) => one - other);
  await watches.press('Restart', 'family');
  expect(await watches.listedEnds('Restart', 'family')).toEqual(inOrder);
  await watches.cancelEnds('Restart', 'family');
  expect(identities.every((one) => isAlive(one))).toBe(true);

  await watches.press('Stop', 'family');
  expect(await watches.listedEnds('Stop', 'family')).toEqual(inOrder);
  await watches.confirmEnds('Stop', 'family');
  await watches.expectState('family', 'Stopped');

  expect(identities.filter((one: Identity) => isAlive(one))).toEqual([]);
  expect(isAlive(bystander)).toBe(true);
  expect((await cli.watch('family')).phase).toBe('stopped');
  const [stopped] = await cli.events({ watch: 'family', types: ['stopped'] });
  expect(stopped?.type === 'stopped' && [...stopped.data.forced].sort()).toEqual([...pids].sort());
});

/** The family prints who it is once all of it runs. */
async function printedFamily(dataDir: string): Promise<Family> {
  const file = join(dataDir, 'logs', 'family.out.log');
  let family: Family | null = null;
  const read = () => {
    try {
      family = JSON.parse(readFileSync(file, 'utf8')) as Family;
    } catch {
      family = null;
    }
    return family;
  };
  await expect.poll(read, { timeout: 60_000 }).not.toBeNull();
  return family as unknown as Family;
}

/** proc(5): session is the sixth field. */
function sessionOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
}
