// Precision, recall, false alarms and delay of the classic, the previous default and the default rules on labelled data, side by side.
// `npm run bench:detection -- [--traces DIR]... [--nezha DIR] [--nab DIR] [--only-default] [--json]`; exit status 1 when a number is missed.
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compare } from './compare.mjs';
import { measureCost } from './cost.mjs';
import { dataFolder, foldersIn } from './folders.mjs';
import { loadRules } from './load-rules.mjs';
import { report } from './report.mjs';

const USAGE = `no labelled data found: pass at least one folder of it (see bench/detection/README.md)
  npm run bench:detection -- --traces DIR --nezha DIR --nab DIR [--json]`;

/** Those that were passed, else those that are beside the repository. */
function foldersOf({ traces = [], nezha = null, nab = null }) {
  if (traces.length > 0 || nezha !== null || nab !== null) return { traces, nezha, nab };
  const folder = dataFolder();
  if (folder === null) throw new Error(USAGE);
  return foldersIn(folder);
}

const onlyDefault = (rules) =>
  Object.fromEntries(Object.entries(rules).map(([kind, { default: rule }]) => [kind, { default: rule }]));

async function main() {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string', multiple: true },
      nezha: { type: 'string' },
      nab: { type: 'string' },
      'only-default': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const folders = foldersOf(values);
  // The size of a state is read right after a garbage collection.
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
  const { RULES, createAll } = await loadRules();
  // Before the data has made the heap large.
  const cost = measureCost(createAll);
  const rules = values['only-default'] ? onlyDefault(RULES) : RULES;
  return report({ ...(await compare(rules, folders)), cost }, values.json);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench:detection: ${error.message}\n`);
  process.exitCode = 1;
}
