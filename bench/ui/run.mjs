// Whether the dashboard feels as it must: launch, clicks, frames and memory, each against its limit.
//   npm run bench:ui [-- --only launch,clicks,frames,memory] [--runs 5] [--ticks 3600] [--json]
// Exit status: 0 when all limits hold, 1 when one does not.
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium, serveHarness } from '../../scripts/lib/harness.mjs';
import { needsBuild } from '../../scripts/lib/project.mjs';
import { measureClicks } from './clicks.mjs';
import { measureFrames } from './frames.mjs';
import { measureLaunch } from './launch.mjs';
import { measureMemory } from './memory.mjs';
import { judge, report } from './report.mjs';

const MEASURES = { launch: measureLaunch, clicks: measureClicks, frames: measureFrames, memory: measureMemory };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(MEASURES).join() },
    runs: { type: 'string', default: '5' },
    ticks: { type: 'string', default: '3600' },
    json: { type: 'boolean', default: false },
  },
});
const chosen = options.only.split(',');
const unknown = chosen.find((name) => !(name in MEASURES));
if (unknown !== undefined) {
  console.error(`--only: expected some of ${Object.keys(MEASURES).join(', ')}, got ${JSON.stringify(unknown)}`);
  process.exit(2);
}
if (chosen.includes('launch') && needsBuild()) {
  console.error('The bundles are missing or old. Run: npm run build');
  process.exit(2);
}
const { ELECTRON_OVERRIDE_DIST_PATH: electronFolder, DISPLAY: display } = process.env;
const canOpenWindows = process.platform !== 'linux' || Boolean(display);
const say = (text) => options.json || console.log(text);

const load = () => `load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`;

say(`Before: ${load()}`);
const [harness, browser] = await Promise.all([serveHarness(), launchChromium()]);
const rows = [];
try {
  const context = {
    ...{ browser, harness, say, runs: Number(options.runs), ticks: Number(options.ticks) },
    electron: electronFolder && canOpenWindows ? join(electronFolder, 'electron') : null,
  };
  for (const name of chosen) rows.push(...(await MEASURES[name](context)));
} finally {
  await browser.close();
  await harness.close();
}
say(`After: ${load()}`);
console.log(options.json ? JSON.stringify(rows.map((row) => ({ ...row, ...judge(row) }))) : `\n${report(rows)}`);
process.exitCode = rows.every((row) => judge(row).ok) ? 0 : 1;
