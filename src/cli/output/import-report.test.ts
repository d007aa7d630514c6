import { expect, it } from 'vitest';
import { importText } from './import-report';

it('warns of programs that another engine keeps or runs', () => {
  const nothing = { replaced: [], kept: [], unchanged: [], settings: [], keptSettings: [], toFill: [] };
  const keptElsewhere = [
    { watch: 'db', same: 'process', pid: 7, dataDir: '/home/ada/other' },
    { watch: 'web', same: 'command', pid: 8, dataDir: '/home/ada/other' },
  ] as const;
  expect(importText({ applied: false, added: ['db', 'web'], ...nothing, keptElsewhere })).toBe(
    `watches added: db, web
db: the engine of /home/ada/other also watches pid 7, and each restarts what the other stops; remove the watch from one of the two
web: the engine of /home/ada/other already runs the same command (pid 8), so this is a second copy; remove the watch from one of the two
Nothing was changed.
`,
  );
});
