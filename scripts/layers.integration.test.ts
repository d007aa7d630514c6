import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Runs the real rules over a small project; the rule and file of each violation. */
function violations(files: Record<string, string>): string[] {
  const project = mkdtempSync(join(tmpdir(), 'healdeck-layers-'));
  folders.push(project);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  for (const shared of ['node_modules', 'tsconfig.base.json', 'package.json', '.dependency-cruiser.cjs']) {
    symlinkSync(join(root, shared), join(project, shared));
  }
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  // The exit status is the number of violations; here they are what we came for.
  const { stdout } = spawnSync(process.execPath, [cli, 'src', ...options], { cwd: project, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).sort();
}

/** A project in which every arrow is right. */
const right = {
  'src/shared/model.ts': 'export const model = 1;',
  'src/main/engine/ports/index.ts': "export { model as port } from '../../../shared/model';",
  'src/main/engine/engine.ts': "export { port as engine } from './ports';",
  'src/main/engine/kill/ladder.ts': "export { port as ladder } from '../ports';",
  'src/main/engine/testing/fake.ts': "export { engine as fake } from '../engine';",
  'src/main/engine/engine.test.ts': "import 'node:fs';\nexport { fake } from './testing/fake';",
  'src/host/is-alive.ts': "import 'node:fs';\nexport { model as isAlive } from '../shared/model';",
  'src/main/adapters/locks.ts': "export { isAlive as locks } from '../../host/is-alive';",
  'src/main/adapters/procfs.ts': "import 'node:fs';\nexport { engine as procfs } from '../engine/engine';",
  'src/main/api/router.ts': "export { engine as router } from '../engine/engine';",
  'src/main/compose.ts': "export { procfs } from './adapters/procfs';\nexport { router } from './api/router';",
  'src/main/electron/index.ts': "import 'electron';\nexport { procfs } from '../compose';",
  'src/main/headless/index.ts': "export { procfs } from '../compose';",
  'src/preload/index.ts': "import 'electron';",
  'src/renderer/main.tsx': "import 'react';\nexport { model } from '../shared/model';",
  'src/cli/index.ts': "import 'node:net';\nexport { model } from '../shared/model';\nexport * from '../host/is-alive';",
};

describe('the layers', () => {
  it('accept a project whose arrows are right', () => {
    expect(violations(right)).toEqual([]);
  });

  it('refuse every planted wrong import', () => {
    const planted = {
      'src/shared/to-engine.ts': "export { engine as e } from '../main/engine/engine';",
      'src/shared/to-node.ts': "import 'node:fs';",
      'src/main/engine/to-adapter.ts': "export { procfs as p } from '../adapters/procfs';",
      'src/main/engine/to-node.ts': "import 'node:child_process';",
      'src/main/engine/to-fake.ts': "export { fake as f } from './testing/fake';",
      'src/main/engine/type-only.ts':
        "import type * as adapter from '../adapters/procfs';\nexport type T = typeof adapter;",
      'src/host/to-adapter.ts': "export { procfs as p } from '../main/adapters/procfs';",
      'src/renderer/to-host.ts': "export { isAlive as i } from '../host/is-alive';",
      'src/main/engine/to-host.ts': "export { isAlive as i } from '../../host/is-alive';",
      'src/main/adapters/to-api.ts': "export { router as r } from '../api/router';",
      'src/main/api/to-compose.ts': "export { procfs as c } from '../compose';",
      'src/main/adapters/to-electron.ts': "import 'electron';",
      'src/main/headless/to-store.ts': "import 'electron-store';",
      'src/main/headless/to-adapter.ts': "export { procfs as p } from '../adapters/procfs';",
      'src/main/electron/to-headless.ts': "export { procfs as h } from '../headless/index';",
      'src/renderer/to-engine.ts': "export { engine as e } from '../main/engine/engine';",
      'src/renderer/to-node.ts': "import 'node:os';",
      'src/cli/to-adapter.ts': "export { procfs as p } from '../main/adapters/procfs';",
      'src/cli/to-dev-tool.ts': "import 'vitest';",
      'src/main/engine/to-room.ts': "export { rule as t } from './heal/rule';",
      'src/main/engine/ports/to-room.ts': "export { rule as p } from '../heal/rule';",
      'src/main/engine/heal/rule.ts': "export { watch as rule } from '../watch/watch';",
      'src/main/engine/watch/watch.ts': 'export const watch = 1;',
      'src/main/engine/watch/ends/to-watch.ts': "export { watch as e } from '../watch';",
      'src/main/engine/graph/to-config.ts': "export { change as g } from '../config/change';",
      'src/main/engine/instances/to-config.ts': "export { change as i } from '../config/change';",
      'src/main/engine/distress/to-ticks.ts': "export { tick as d } from '../ticks/tick';",
      'src/main/engine/ticks/tick.ts': 'export const tick = 1;',
      'src/main/adapters/machine/to-logs.ts': "export { log as m } from '../logs/log';",
      'src/main/engine/config/change.ts': 'export const change = 1;',
      'src/main/engine/watch/to-unknown-room.ts': "export { stray } from '../elsewhere/stray';",
      'src/main/engine/elsewhere/stray.ts': 'export const stray = 1;',
      'src/main/adapters/files/to-history.ts': "export { history as h } from '../history/history';",
      'src/main/adapters/history/history.ts': 'export const history = 1;',
      'src/main/adapters/notices/to-logs.ts': "export { log as n } from '../logs/log';",
      'src/main/adapters/logs/log.ts': 'export const log = 1;',
      'src/main/adapters/evidence/to-history.ts': "export { history as h } from '../history/history';",
      'src/main/adapters/launch/to-probes.ts': "export { probe as l } from '../probes/probe';",
      'src/main/adapters/probes/probe.ts': 'export const probe = 1;',
      'src/main/adapters/history/database/to-events.ts': "export { event as d } from '../events/event';",
      'src/main/adapters/history/events/event.ts': 'export const event = 1;',
      'src/main/alerts/plan/to-outbox.ts': "export { outbox as o } from '../outbox/outbox';",
      'src/main/alerts/outbox/outbox.ts': 'export const outbox = 1;',
      'src/shared/lib/text/to-events.ts': "export { facts as f } from '../events/facts';",
      'src/shared/lib/events/facts.ts': 'export const facts = 1;',
      'src/renderer/kit/to-parts.ts': "export { part as k } from '../parts/part';",
      'src/renderer/parts/part.ts': 'export const part = 1;',
      'src/shared/findings/list.ts': "export { cpu as first } from './cpu';",
      'src/shared/findings/cpu.ts': 'export const cpu = 1;',
      'src/shared/to-entry.ts': "export { cpu as c } from './findings/cpu';",
      'src/shared/orphan.ts': 'export const nobody = 1;',
      'src/shared/lost.ts': "import './nowhere';",
      'src/shared/chicken.ts': "import './egg';",
      'src/shared/egg.ts': "import './chicken';",
    };
    expect(violations({ ...right, ...planted })).toEqual(
      [
        'shared-imports-shared: src/shared/to-engine.ts',
        'pure-layers-know-no-node: src/shared/to-node.ts',
        'engine-imports-shared: src/main/engine/to-adapter.ts',
        'pure-layers-know-no-node: src/main/engine/to-node.ts',
        'production-knows-no-fakes: src/main/engine/to-fake.ts',
        'engine-imports-shared: src/main/engine/type-only.ts',
        'host-imports-shared: src/host/to-adapter.ts',
        'renderer-imports-shared: src/renderer/to-host.ts',
        'engine-imports-shared: src/main/engine/to-host.ts',
        'adapters-imports-engine-and-shared: src/main/adapters/to-api.ts',
        'api-imports-engine-and-shared: src/main/api/to-compose.ts',
        'electron-only-in-its-shell: src/main/adapters/to-electron.ts',
        'electron-only-in-its-shell: src/main/headless/to-store.ts',
        'headless-imports-compose: src/main/headless/to-adapter.ts',
        'electron-imports-compose: src/main/electron/to-headless.ts',
        'renderer-imports-shared: src/renderer/to-engine.ts',
        'page-knows-no-node: src/renderer/to-node.ts',
        'cli-imports-shared: src/cli/to-adapter.ts',
        'production-needs-dependencies: src/cli/to-dev-tool.ts',
        'engine-ground-imports-no-room: src/main/engine/to-room.ts',
        'engine-ground-imports-no-room: src/main/engine/ports/to-room.ts',
        'engine-rooms-in-order: src/main/engine/heal/rule.ts',
        'engine-rooms-in-order: src/main/engine/distress/to-ticks.ts',
        'engine-rooms-in-order: src/main/engine/graph/to-config.ts',
        'engine-rooms-in-order: src/main/engine/instances/to-config.ts',
        'parts-know-no-watch: src/main/engine/watch/ends/to-watch.ts',
        'engine-rooms-are-known: src/main/engine/watch/to-unknown-room.ts',
        'adapters-rooms-in-order: src/main/adapters/files/to-history.ts',
        'adapters-rooms-in-order: src/main/adapters/launch/to-probes.ts',
        'adapters-rooms-in-order: src/main/adapters/machine/to-logs.ts',
        'adapters-rooms-in-order: src/main/adapters/notices/to-logs.ts',
        'adapters-rooms-in-order: src/main/adapters/evidence/to-history.ts',
        'history-rooms-in-order: src/main/adapters/history/database/to-events.ts',
        'alerts-rooms-in-order: src/main/alerts/plan/to-outbox.ts',
        'shared-lib-rooms-in-order: src/shared/lib/text/to-events.ts',
        'window-rooms-in-order: src/renderer/kit/to-parts.ts',
        'entries-are-known-to-their-list: src/shared/to-entry.ts',
        'no-orphans: src/shared/orphan.ts',
        'resolvable: src/shared/lost.ts',
        'no-cycles: src/shared/chicken.ts',
      ].sort(),
    );
  });
});
