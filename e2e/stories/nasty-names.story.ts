import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';

const SCRIPT = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

test('what a process calls itself is shown as text, and does nothing', async ({ healdeck, outsider }) => {
  const { cli, dashboard } = healdeck;
  const port = String(await freePort());
  const nasty = `${SCRIPT}\u001b[2J\u202Eevil\n${'x'.repeat(4000)}`;
  const process = await outsider(['node', 'demo/server.mjs', port, nasty]);

  await dashboard.processes.filter(port);
  await dashboard.processes.expectRow(process.pid);
  await dashboard.processes.expectDetails(process.pid, '<script>window.pwned=1</script>');
  expect(await dashboard.ranForeignScript()).toBe(false);

  const listed = await cli.ok('ps', '--all');
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be here
  expect(listed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
});
