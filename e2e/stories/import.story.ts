import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';

test('a file is imported after a look at what it would change, and exported as it was', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  await cli.ok('add', 'web', '--no-autostart', '--', 'node', 'demo/server.mjs', '0');
  const exported = await healdeck.download(() => dashboard.watches.exportAll());
  const file = join(dataDir, 'moved.json');
  const config = JSON.parse(exported) as { watches: { name: string; restart: string | null }[] };
  const [web] = config.watches;
  const watches = [
    { ...web, restart: 'always' },
    { ...web, name: 'twin' },
  ];
  writeFileSync(file, JSON.stringify({ ...config, watches }));

  const changes = await dashboard.watches.chooseImport(file);
  expect(changes).toContain('Added (1)');
  expect(changes).toContain('twin');
  expect(changes).toContain('Kept (1)');
  expect(await cli.watches()).toHaveLength(1);

  await dashboard.watches.confirmImport();
  await dashboard.watches.expectState('twin', 'Stopped');
  expect((await cli.watch('web')).watch.restart).toBeNull();
});
