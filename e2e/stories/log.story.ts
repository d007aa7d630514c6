import type { HealdeckEvent } from '../../src/shared/model/event';
import { expect, test } from '../fixtures/test';

test('the log leads to a moment, and what is filtered is taken along', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { log } = dashboard;
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await log.expectEvent('Started', 'web');

  await log.jumpTo('2020-01-01T00:00:00');
  await log.expectNothing();
  await log.backToNow();
  await log.expectEvent('Started', 'web');

  await log.filterByTypes('Started', 'Crash detected', 'Restarted', 'Killed');
  await log.expectEvent('Started', 'web');
  await log.expectNoEvent('Watch added', 'web');
  await log.allTypes();

  await log.search('web');
  const events = JSON.parse(await healdeck.download(() => log.export('JSON'))) as HealdeckEvent[];
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['watch_added', 'started']));
  expect(events.every(({ message }) => message.includes('web'))).toBe(true);
  expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((one, other) => one - other));

  const csv = await healdeck.download(() => log.export('CSV'));
  expect(csv.split('\r\n')[0]).toBe('id,at,type,severity,watch,pid,incident,message,data');
  expect(csv).toContain(',started,');
});
