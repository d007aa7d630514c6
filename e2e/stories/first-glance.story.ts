import { createServer } from 'node:net';
import { expect, test } from '../fixtures/test';

/** A port that somebody else has taken. */
async function takenPort() {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}

test('five seconds to the cause: the overview alone has what is down, why and until when', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { watches } = dashboard;
  const taken = await takenPort();
  try {
    await cli.ok('settings', 'set', 'restart.limit', '2');
    await cli.ok('settings', 'set', 'restart.delays', 'false');
    await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
    await cli.ok('add', 'api', '--restart', 'always', '--', 'node', 'demo/server.mjs', String(taken.port));

    await watches.expectStateLine(/^api is down · next try in \d+:\d\d$/);
    await watches.expectRow('api', {
      state: 'Cooldown',
      cause: new RegExp(`could not bind port ${taken.port}, .*\\d:\\d\\d left$`),
      restarts: 'no retries left',
    });
    expect(await watches.cooldownLeft('api')).toBeGreaterThan(0);
    await watches.expectCause(new RegExp(`^api crash.*could not bind port ${taken.port}`));
    await watches.expectRow('web', { state: 'Running', cause: /^up \d+ s/, restarts: 'calm' });
    expect(await dashboard.accessibilityViolations()).toEqual([]);
  } finally {
    await taken.close();
  }
});
