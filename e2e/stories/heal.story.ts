import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';

test('a killed program comes back, and everything says so', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const port = await freePort();
  const served = () =>
    fetch(`http://127.0.0.1:${port}/`)
      .then((answer) => answer.text())
      .catch(() => 'no answer');

  await cli.ok('add', 'web', '--restart', 'always', '--', 'node', 'demo/server.mjs', String(port));
  const [first] = await runningPids(cli, 'web', 1);
  await expect.poll(served).toContain(String(first));
  await dashboard.watches.expectState('web', 'Running');

  process.kill(first ?? -1, 'SIGKILL');

  const replaced = async () => (await cli.pids('web')).filter((pid) => pid !== first);
  await expect.poll(replaced, { timeout: 60_000 }).toHaveLength(1);
  const [second] = await replaced();
  await expect.poll(served).toContain(String(second));

  const types = (await cli.events({ watch: 'web' })).map(({ type, pid }) => ({ type, pid }));
  expect(types).toContainEqual({ type: 'crash_detected', pid: first });
  expect(types).toContainEqual({ type: 'restarted', pid: second });

  await dashboard.log.expectEvent('Crash detected', 'web');
  await dashboard.log.expectEvent('Restarted', 'web');
  await dashboard.watches.expectRestarts('web', 1);

  const lines = healdeck.healingLog().split('\n');
  expect(lines.filter((line) => line.includes(`Detected crash web pid=${first}`))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(`Restarted web pid=${second}`))).toHaveLength(1);
});

async function runningPids(
  cli: { pids(name: string): Promise<number[]> },
  name: string,
  count: number,
): Promise<number[]> {
  await expect.poll(() => cli.pids(name)).toHaveLength(count);
  return cli.pids(name);
}
