import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';

test('a secret goes in, where there is no keyring too, and does not come out', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  await dashboard.expectLive();
  const set = await cli.pipe('canary-7f3b91\n', 'secrets', 'set', 'mail.password');
  expect(set).toMatchObject({ status: 0, stdout: expect.stringContaining('mail.password is set') });
  expect(JSON.parse(await cli.ok('secrets', '--json'))).toEqual([{ name: 'mail.password', where: 'file' }]);
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  const said = await cli.ok('events');
  expect(said).toContain('mail.password is not encrypted');

  const texts = [set.stdout, set.stderr, said, readFileSync(join(dataDir, 'healing.log'), 'utf8')];
  expect(texts.join('\n')).not.toContain('canary');
  await cli.ok('secrets', 'unset', 'mail.password');
  expect(JSON.parse(await cli.ok('secrets', '--json'))).toEqual([]);
});
