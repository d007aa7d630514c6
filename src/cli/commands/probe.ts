import type { Command } from 'commander';
import type { Probe, ProbeCheck } from '../../shared/model/probe';
import type { WatchStatus } from '../../shared/model/snapshot';
import { probesCsv } from '../../shared/lib/text/csv';
import type { EngineConnection } from '../client';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { latencyText, probeRows, type ProbeRow } from '../output/probe-table';
import type { Style } from '../output/style';
import type { Column } from '../output/table';
import { momentOf } from './events';
import { historiesText, probeHistories } from './probe-history';
import { sameProbe, unknownProbeText } from './probe-options';
import { findWatch } from './watches';

/** What came of a probe; `passed` null: there is no answer yet. */
interface ProbeResult {
  name: string;
  role: Probe['role'];
  passed: boolean | null;
  words: string;
  latencyMs: number | null;
  /** False: the last answer that the engine has, since only what the program does while it runs answers it. */
  tried: boolean;
}

interface Options {
  history?: boolean;
  since?: string;
  csv?: boolean;
  json?: boolean;
}

/** `probe`: the probes of a watch, asked now, or as they were. */
export function addProbeCommand(program: Command, context: CliContext): void {
  program
    .command('probe')
    .description('try the probes of a watch now, or show what is recorded of them')
    .argument('<name>', 'name or id of the watch')
    .argument('[probe]', 'one of its probes (default: all)')
    .option('--history', 'ask nothing; show what the attempts of the past came to')
    .option('--since <when>', 'with --history: 1h, 7d, or a time such as 2026-01-31T12:00:00Z (default: 1h)')
    .option('--csv', 'with --history: print what the attempts came to as CSV')
    .option(
      '--json',
      'print one JSON array of {name, role, passed, words, latencyMs, tried}, or with --history of {name, role, spanMs, buckets, attempts, failures}',
    )
    .addHelpText(
      'after',
      '\nNothing follows from the answers.' +
        '\nProbes of output, of files and of what the program reports are not tried: their last answer is printed.' +
        '\nThe exit status is 0 only where all passed.\n' +
        examples('healdeck probe web', 'healdeck probe web health --json', 'healdeck probe web --history --since 1d'),
    )
    .action(async (name: string, probe: string | undefined, options: Options, command: Command) => {
      const { json } = options;
      if (options.history) return showHistory(context, command, { name, probe, ...options });
      if (options.since !== undefined || options.csv) throw usage('--since and --csv belong to --history');
      const results = await withEngine(command, context, async (client) => {
        const status = await findWatch(client, name);
        return Promise.all(chosenProbes(status, probe).map((row) => resultOf(client, status, row)));
      });
      print(context, json, results, () => printTable(context, columns(context.style), results));
      const failed = results.filter(({ passed }) => passed !== true);
      if (failed.length > 0) {
        throw new CliFailure(`not passed: ${failed.map((one) => one.name).join(', ')}`);
      }
    });
}

async function showHistory(
  context: CliContext,
  command: Command,
  { name, probe, since = '1h', csv, json }: Options & { name: string; probe: string | undefined },
): Promise<void> {
  if (csv && json) throw usage('expected one of --csv and --json');
  const now = context.io.now();
  const sinceAt = momentOf('--since', since, now);
  const histories = await withEngine(command, context, async (client) => {
    const status = await findWatch(client, name);
    return probeHistories(client, status.watch.id, chosenProbes(status, probe), { sinceAt, now });
  });
  if (csv) return context.io.out(probesCsv(histories));
  print(context, json, histories, () => historiesText(context, histories));
}

function chosenProbes(status: WatchStatus, name: string | undefined): readonly ProbeRow[] {
  const rows = probeRows(status);
  const chosen = name === undefined ? rows : rows.filter((row) => sameProbe(row, name));
  if (chosen.length > 0) return chosen;
  if (name !== undefined) throw new CliFailure(unknownProbeText(name, rows));
  throw new CliFailure('the watch has no probes; add one with: healdeck edit NAME --probe-http URL');
}

async function resultOf(
  client: EngineConnection['client'],
  { watch }: WatchStatus,
  { state: _state, attempts, ...probe }: ProbeRow,
): Promise<ProbeResult> {
  const { name, role } = probe;
  if (isAsked(probe.check)) {
    const { passed, words, latencyMs } = await client.watches.tryProbe({
      probe,
      target: watch.target,
      watch: watch.id,
    });
    return { name, role, passed, words, latencyMs, tried: true };
  }
  const { passed = null, words = 'no answer yet', latencyMs = null } = attempts.at(-1) ?? {};
  return { name, role, passed, words, latencyMs, tried: false };
}

/** Whether a check can be asked at any time. */
function isAsked({ kind }: ProbeCheck): boolean {
  return kind === 'http' || kind === 'tcp' || kind === 'command';
}

function columns(style: Style): readonly Column<ProbeResult>[] {
  return [
    { title: 'PROBE', text: ({ name }) => name },
    {
      title: 'RESULT',
      text: ({ passed }) => (passed === null ? 'unknown' : passed ? 'passed' : 'failed'),
      paint: ({ passed }, cell) => (passed === null ? style.warn : passed ? style.good : style.bad)(cell),
    },
    { title: 'LATENCY', align: 'right', text: ({ latencyMs }) => latencyText(latencyMs) },
    { title: 'ANSWER', text: ({ words, tried }) => (tried ? words : `${words} (last answer)`) },
  ];
}
