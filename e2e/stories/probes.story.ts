import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';

test('a program that runs and does not work any more is restarted, and its incident says what it has answered', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  const { incidents, watches } = dashboard;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/health`;
  const timing = { Interval: '300 ms', 'Fails at': '2', 'Of the last': '3' };

  const tried = await watches.addWithProbes(
    { name: 'shop', command: `node demo/answers.mjs ${port}`, directory: process.cwd() },
    [
      {
        ...{
          name: 'health',
          kind: 'HTTP request',
          fields: { URL: url, Headers: 'Authorization: probe.token', ...timing },
        },
        secret: { name: 'probe.token', value: 'Bearer of-the-story' },
      },
      { name: 'port', kind: 'Port or socket', role: 'Readiness', fields: { Port: String(port), ...timing } },
    ],
  );

  // It does not run before it is added.
  for (const answer of tried) expect(answer).toMatch(/^failed after \S+ ms: .*refused/);
  await watches.expectState('shop', 'Running');
  await watches.expectReadiness('shop', 'ready');
  await expect.poll(async () => (await fetch(new URL('/seen', url))).text()).toBe('19\n');
  expect(await watches.retryProbe('shop', 'health')).toMatch(/^passed in \S+ m?s: 200 OK/);
  expect(await watches.probeState('shop', 'health', 'Passing')).toContain(`GET ${url}`);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
  const { watch } = await cli.watch('shop');
  expect(watch.probes).toMatchObject([
    { name: 'health', role: 'liveness', check: { url }, intervalMs: 300, failures: 2, of: 3, timeoutMs: 2000 },
    { name: 'port', role: 'readiness', check: { kind: 'tcp', port } },
  ]);

  const [pid] = await cli.pids('shop');
  await fetch(new URL('/mode', url), { method: 'POST', body: '500' });

  await watches.expectRestarts('shop', 1);
  await expect.poll(async () => (await cli.pids('shop'))[0]).not.toBe(pid);
  await incidents.openNewest('shop');
  await incidents.expectReported(/health: 500 Internal Server Error/);
  await incidents.closeStory();
  await watches.expectReadiness('shop', 'ready');
  expect(await watches.expectRecorded('shop', 'health', /500 Internal Server Error/)).toMatch(
    /^health, last hour: [\d.]+ % of \d+ attempts passed; failures in \d of 60 parts of 1 min, \d+ unknown$/,
  );
  const recorded = await cli.ok('probe', 'shop', 'health', '--history');
  expect(recorded).toMatch(/The last that did not pass:\n(?:.*\n)*.*500 Internal Server Error/);
});
