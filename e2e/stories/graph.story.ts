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
  const tier = (name: string, policy: string, ...args: readonly number[]) =>
    cli.ok('add', name, '--restart', policy, '--', 'node', `demo/tiers/${name}.mjs`, ...args.map(String));
  await tier('db', 'never', db);
  await tier('api', 'always', api, db);
  await tier('web', 'always', web, api);
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
  expect((await cli.watch('web')).watch.after).toEqual([{ watch: 'api', until: 'ready', restart: false }]);
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  // States are live: db dies and stays down, so that the restart of api waits until it is back.
  // Its death is known before that of api: else api would be restarted at once.
  const kill = async (name: string) => killExactly(identify((await cli.pids(name))[0] ?? -1)!);
  await kill('db');
  await graph.expectState('db', 'Stopped');
  await kill('api');
  await graph.expectState('api', 'Waiting for others .*db');
  await cli.ok('start', 'db');
  await graph.expectState('api', 'Running');

  await graph.choose('db', 'web');
  await graph.expectRefusal(/without a cycle, but api waits for db, which waits for web, which waits for api/);
  await graph.change('web starts after api is ready', 'has started');
  await graph.expectDeclared('api starts after db is ready', 'web starts after api has started');
  await graph.undo('web starts after api has started');
  await graph.expectDeclared('api starts after db is ready', 'web starts after api is ready');
  await graph.remove('web starts after api is ready');
  await graph.expectDeclared('api starts after db is ready');
  expect((await cli.watch('web')).watch.after).toEqual([]);
  await graph.drag('web', 'db');
  await graph.expectDeclared('api starts after db is ready', 'web starts after db is ready');
});
