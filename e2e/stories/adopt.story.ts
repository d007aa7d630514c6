import { randomUUID } from 'node:crypto';
import { expect, test } from '../fixtures/test';
import { isAlive, killExactly } from '../fixtures/processes';

test('a process started elsewhere is adopted, and healed by its start command', async ({ healdeck, outsider }) => {
  const { cli, dashboard } = healdeck;
  // A word of its own in the command line: nothing else on this machine matches.
  const word = `adopt-${randomUUID()}`;
  const argv = ['node', 'demo/server.mjs', '0', word] as const;
  const stranger = await outsider([...argv]);

  expect(await dashboard.watches.addRunning('stray', word, stranger.pid)).toContain('Command line: 1 process');
  await expect.poll(() => cli.pids('stray')).toEqual([stranger.pid]);
  expect(await cli.events({ watch: 'stray', types: ['adopted'] })).toHaveLength(1);
  await dashboard.watches.expectState('stray', 'Running');
  expect(isAlive(stranger)).toBe(true);

  killExactly(stranger);

  const healed = async () => (await cli.pids('stray')).filter((pid) => pid !== stranger.pid);
  await expect.poll(healed).toHaveLength(1);
  expect(await cli.events({ watch: 'stray', types: ['crash_detected'] })).toHaveLength(1);
  expect(await cli.events({ watch: 'stray', types: ['restarted'] })).toHaveLength(1);
  await dashboard.log.expectEvent('Restarted', 'stray');
});
