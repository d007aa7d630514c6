import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashGroup } from '../../src/shared/model/crash-group';
import type { Cli } from '../fixtures/cli';
import { expect, test } from '../fixtures/test';

const THROWS = `
function basketOf(session) {
  throw new TypeError('this session has no basket');
}
function handle(session) {
  return basketOf(session);
}
handle({});
`;
const THROWS_OTHERWISE = THROWS.replace('TypeError', 'RangeError').replaceAll('basket', 'queue');
/** Node does not run a line of it. */
const BROKEN = 'const baskets = [;\n';
/** So many crashes of one kind at the start are a cooldown (`restart.sameCrashLimit`). */
const LIMIT = 3;

test('a crash is one, whatever watch it occurs in, and leads to its stack and its incidents', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  const { crashes, incidents } = dashboard;
  writeFileSync(join(dataDir, 'shop.mjs'), THROWS);
  writeFileSync(join(dataDir, 'mailer.mjs'), THROWS_OTHERWISE);
  for (const name of ['web', 'api']) await addAndCool(cli, name, join(dataDir, 'shop.mjs'));
  await cli.ok('add', 'mailer', '--restart', 'never', '--', 'node', join(dataDir, 'mailer.mjs'));
  await expect.poll(async () => (await crashesBy(cli, 'mailer')).length).toBe(1);

  // The same in both, and another in the third.
  const [shared] = await crashesBy(cli, 'web');
  const [other] = await crashesBy(cli, 'mailer');
  expect(shared).toMatchObject({ state: 'new', count: 2 * LIMIT, watches: ['api', 'web'] });
  expect(other).toMatchObject({ state: 'new', count: 1, watches: ['mailer'] });
  expect(other?.id).not.toBe(shared?.id);
  expect(shared?.perDay.reduce((sum, count) => sum + count, 0)).toBe(2 * LIMIT);

  await crashes.expectCount(2);
  await crashes.expectTimes('api, web', 2 * LIMIT);
  await crashes.expectTimes('mailer', 1);
  await crashes.search('queue');
  await crashes.expectCount(1);
  await crashes.search('');

  await crashes.open('api, web');
  await crashes.expectShown(/New\s*first seen within the last day/);
  await crashes.expectShown(/TypeError: this session has no basket/);
  await crashes.expectStack(/at basketOf .*shop\.mjs/);
  // Over midnight they are counted on two days.
  const times = (await crashes.days()).map((day) => Number(/: (\d+) times?$/.exec(day)?.[1]));
  expect(times.reduce((sum, count) => sum + count, 0)).toBe(2 * LIMIT);
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  await crashes.openNewestIncident();
  await incidents.expectReported(new RegExp(`This crash occurred ${2 * LIMIT} times since `));
  await crashes.openFromIncident(shared?.title ?? '');
  await crashes.expectStack(/TypeError/);
});

test('a program with a syntax error is in cooldown after three starts, and the window says why', async ({
  healdeck,
}) => {
  const { cli, dashboard, dataDir } = healdeck;
  const program = join(dataDir, 'broken.mjs');
  writeFileSync(program, BROKEN);
  await addAndCool(cli, 'broken', program);

  const { restarts, reason, budget } = await cli.watch('broken');
  expect(restarts).toBe(LIMIT - 1);
  expect(reason).toContain('the same crash 3 times in a row');
  expect(budget.cooldown?.sameCrash?.times).toBe(LIMIT);
  await dashboard.watches.expectState('broken', 'Cooldown');
  const shown = await dashboard.watches.cooldownReason('broken');
  expect(shown).toContain('The same crash 3 times in a row, each right after the start: ');
  expect(shown).toContain(budget.cooldown?.sameCrash?.title);
  await dashboard.crashes.expectTimes('broken', LIMIT);
  await dashboard.crashes.open('broken');
  await dashboard.crashes.expectStack(/SyntaxError/);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
});

/** Watches a program that crashes at each start, and waits until it is not started again for a while. */
async function addAndCool(cli: Cli, name: string, program: string): Promise<void> {
  await cli.ok('add', name, '--restart', 'always', '--', 'node', program);
  await expect.poll(async () => (await cli.watch(name)).budget.cooldown).not.toBeNull();
}

/** The crashes that were seen in a watch, as the command line prints them. */
async function crashesBy(cli: Cli, watch: string): Promise<CrashGroup[]> {
  return JSON.parse(await cli.ok('crashes', '--watch', watch, '--json')) as CrashGroup[];
}
