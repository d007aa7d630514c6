import type { Cli } from '../fixtures/cli';
import { expect, test } from '../fixtures/test';

/** A setting as the engine has it now. */
async function valueOf(cli: Cli, key: string): Promise<unknown> {
  const setting = JSON.parse(await cli.ok('settings', 'get', key, '--json')) as { value: unknown };
  return setting.value;
}

test('settings are changed, refused with a reason, and put back', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { settings } = dashboard;
  await settings.open();

  await settings.type('Stop grace', '90 s');
  await settings.save();
  await settings.expectSaved();
  expect(await valueOf(cli, 'stop.graceMs')).toBe(90_000);

  await settings.type('Stop grace', '2 h');
  await settings.save();
  await settings.expectProblem('Stop grace', /expected a duration from 0ms to 10min, got "2 h"/);
  expect(await valueOf(cli, 'stop.graceMs')).toBe(90_000);

  // What arrives from elsewhere is shown, and what is typed stays.
  await cli.ok('settings', 'set', 'start.graceMs', '20s');
  await settings.expectValue('Start grace', '20 s');
  await settings.expectValue('Stop grace', '2 h');

  await settings.reset('Stop grace', '10 s');
  await settings.save();
  await settings.expectSaved();
  expect(await valueOf(cli, 'stop.graceMs')).toBe(10_000);

  await settings.search('grace term');
  await settings.expectOnly(['Stop grace']);
});

test('settings that do not go together are refused by the engine, in the place where they are typed', async ({
  healdeck,
}) => {
  const { settings } = healdeck.dashboard;
  await settings.open();
  await settings.type('Readings above a limit', '9');
  await settings.save();
  await settings.expectProblem('Readings above a limit', /at most .*samples.* \(5\), got 9/);
  await settings.type('Readings considered', '12');
  await settings.save();
  await settings.expectSaved();
  expect(await valueOf(healdeck.cli, 'limits.violations')).toBe(9);
});

test('a profile shows what it changes before it is in force', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { settings } = dashboard;
  await settings.open();
  await settings.chooseProfile('classic');
  const changes = await settings.previewedChanges();
  expect(changes).toContain('Readings above a limit | 3 readings | 1 reading');
  expect(await valueOf(cli, 'profile')).toBe('default');

  await settings.save();
  await settings.expectSaved();
  expect(await valueOf(cli, 'limits.violations')).toBe(1);
  await settings.expectValue('Readings above a limit', '1');
});
