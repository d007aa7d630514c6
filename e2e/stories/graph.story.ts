import { get } from 'node:http';
import { freePort } from '../fixtures/free-port';
import { identify, killExactly } from '../fixtures/processes';
import { expect, test } from '../fixtures/test';

const REQUEST_INTERVAL_MS = 100;

test('the graph that sockets show is the true one, is accepted with one click, and lives', async ({ healdeck }) => {
  test.setTimeout(240_000);
  const { cli, dashboard } = healdeck;
  const { graph } = dashboard;
  const db = await freePort();
  const api = await freePort();
  const web = await freePort();
  const tier = (name: string, ...args: readonly number[]) =>
    cli.ok('add', name, '--restart', 'never', '--', 'node', `demo/tiers/${name}.mjs`, ...args.map(String));
  await tier('db', db);
  await tier('api', api, db);
  await tier('web', web, api);
  const requests = setInterval(() => {
    get({ host: '127.0.0.1', port: web, agent: false }, (response) => response.resume()).on('error', () => undefined);
  }, REQUEST_INTERVAL_MS);
  try {
    await graph.observe(2);
    expect(await graph.connections()).toEqual(['api connects to db', 'web connects to api']);
  } finally {
    clearInterval(requests);
  }

  await graph.acceptAll(2);
  await graph.expectDeclared('api starts after db is ready', 'web starts after api is ready');
  expect((await cli.watch('web')).watch.after).toEqual([{ watch: 'api', until: 'ready' }]);
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  // States are live: db dies, api waits for it, and runs once it is back.
  await cli.ok('stop', 'api');
  await graph.expectState('api', 'Stopped');
  killExactly(identify((await cli.pids('db'))[0] ?? -1)!);
  await graph.expectState('db', 'Stopped');
  await cli.ok('start', 'api');
  await graph.expectState('api', 'Waiting for others .*db');
  await cli.ok('start', 'db');
  await graph.expectState('api', 'Running');

  await graph.choose('db', 'web');
  await graph.expectRefusal(/without a cycle, but .*db waits for web/);
  await graph.change('web starts after api is ready', 'has started');
  await graph.expectDeclared('api starts after db is ready', 'web starts after api has started');
  await graph.undo('web starts after api has started');
  await graph.expectDeclared('api starts after db is ready', 'web starts after api is ready');
  await graph.remove('web starts after api is ready');
  await graph.expectDeclared('api starts after db is ready');
  expect((await cli.watch('web')).watch.after).toEqual([]);
});
