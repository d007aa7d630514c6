// Every rule over all of the data.
import { readNab, readNezha, readTraces } from './data.mjs';
import { nameOf } from './folders.mjs';
import { cpuNab, cpuNezha, forecastTask, leakNezha, TRACE_KINDS, tracesTask } from './tasks.mjs';

const overRules = (rules, measure) =>
  Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, measure(rule)]));

/** The tasks that the folders allow, each with the result of every rule; `skipped` says in words what can't be judged. */
export async function compare(rules, { traces, nezha, nab }) {
  const tasks = [];
  const skipped = [];
  const add = (title, kind, folder, measure) =>
    tasks.push({ title, kind, folder, results: overRules(rules[kind], measure) });

  const folders = await Promise.all(traces.map(async (dir) => ({ folder: nameOf(dir), data: await readTraces(dir) })));
  for (const { folder, data } of folders) {
    const kinds = new Set(data.map(({ kind }) => kind));
    for (const kind of TRACE_KINDS) {
      if (!kinds.has(kind)) continue;
      if (rules[kind] === undefined) skipped.push(`No rule finds faults of kind ${kind} in ${folder}.`);
      else add(`${kind}, ${folder}`, kind, folder, (rule) => tracesTask(kind, data, rule));
    }
    for (const kind of kinds) {
      if (kind !== 'healthy' && !TRACE_KINDS.includes(kind)) {
        skipped.push(`Faults of kind ${kind} in ${folder} are not judged: they do not show in what was recorded.`);
      }
    }
  }
  if (folders.length > 1) {
    const all = folders.flatMap(({ data }) => data);
    add('leak, all traces', 'leak', 'all traces', (rule) => tracesTask('leak', all, rule));
    const results = { default: forecastTask(all, rules.leak.default) };
    tasks.push({ title: 'forecast, all traces', kind: 'forecast', folder: 'all traces', results });
  }
  if (nezha !== null) {
    const pods = await readNezha(nezha);
    add('leak, Nezha', 'leak', 'nezha', (rule) => leakNezha(pods, rule));
    add('cpu, Nezha', 'cpu', 'nezha', (rule) => cpuNezha(pods, rule));
  }
  if (nab !== null) {
    const series = await readNab(nab);
    add('cpu, NAB', 'cpu', 'nab', (rule) => cpuNab(series, rule));
  }
  return { tasks, skipped };
}
