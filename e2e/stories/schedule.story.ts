import { expect, test } from '../fixtures/test';

test('a schedule is typed with its next runs in sight, and is shown wherever the watch is', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'backup', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('backup', 'Running');

  const help = await dashboard.watches.setSchedule('backup', { cron: '30 2 * * *', zone: 'Europe/Berlin' });

  expect(help).toMatch(/^Next: (?:\d{4}-\d\d-\d\d 0[23]:[03]0:00 \(UTC\+0[12]:00\)(?:, )?){3}$/);
  const { schedule } = (await cli.watch('backup')).watch;
  expect(schedule?.start).toEqual({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
  const next = JSON.parse(await cli.ok('next', '--count', '1', '--json')) as unknown[];
  expect(next).toMatchObject([{ watch: 'backup', what: 'start', timeZone: 'Europe/Berlin' }]);
  expect(await dashboard.watches.scheduleShown('backup')).toContain('scheduled start: 30 2 * * * (Europe/Berlin)');
});

test('an expression that never occurs is refused where it is typed', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'backup', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('backup', 'Running');

  await dashboard.watches.expectScheduleRefused('backup', '0 0 31 2 *', '0 0 31 2 * never does');

  expect((await cli.watch('backup')).watch.schedule).toBeNull();
});
