import type { Command } from 'commander';
import { formatDuration } from '../../shared/lib/format/duration';
import { formatCount, formatInstant, plural } from '../../shared/lib/format/values';
import { PROBE_LIMITS, type ProbeRole } from '../../shared/model/probe';
import type { ProbeBacktest, ProbeBacktestHit } from '../../shared/model/probe-history';
import { print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import type { Column } from '../output/table';
import { durationFrom } from './duration-option';
import { asFailures } from './probe-options';

/** The options of `backtest` that are about a probe. */
export interface ProbeBacktestOptions {
  probe?: string;
  probeFailures?: { failures: number; of: number };
  probeTimeout?: number;
}

/** Adds the options that test the numbers of a probe on its recorded attempts. */
export function addProbeBacktestOptions(command: Command): Command {
  return command
    .option('--probe <name>', 'test this probe on its recorded attempts, in place of limits')
    .option('--probe-failures <n/m>', 'with --probe: fail when n of the last m attempts have failed', asFailures)
    .option(
      '--probe-timeout <duration>',
      'with --probe: a shorter timeout, which fails what took longer',
      durationFrom(10, PROBE_LIMITS.maxTimeoutMs),
    );
}

/** Refuses options of a probe without one. */
export function checkProbeBacktestOptions({ probe, probeFailures, probeTimeout }: ProbeBacktestOptions): void {
  if (probe === undefined && (probeFailures ?? probeTimeout) !== undefined) {
    throw usage('--probe-failures and --probe-timeout belong to --probe NAME');
  }
}

/** Prints what a probe would have decided in the last hours. */
export async function backtestProbe(
  context: CliContext,
  command: Command,
  watch: string,
  options: ProbeBacktestOptions & { probe: string; hours: number; json?: boolean },
): Promise<void> {
  const { probe, probeFailures, probeTimeout, hours, json } = options;
  const rule = { ...probeFailures, ...(probeTimeout === undefined ? {} : { timeoutMs: probeTimeout }) };
  const result = await withEngine(command, context, (client) => client.probes.backtest({ watch, probe, rule, hours }));
  print(context, json, result, () => {
    const judged = `on ${plural(result.attempts, 'attempt')} of the last ${formatDuration(hours * 3_600_000)}`;
    const text = `The probe ${wouldHave(result.role, result.hits.length)} ${judged}.\n`;
    return text + (result.hits.length === 0 ? '' : `\n${printTable(context, hitColumns(result), result.hits)}`);
  });
}

function wouldHave(role: ProbeRole, count: number): string {
  const times = plural(count, 'time');
  if (role === 'liveness') return `would have restarted the program ${times}`;
  return role === 'readiness' ? `would have made the program not ready ${times}` : `would have failed ${times}`;
}

function hitColumns({ to }: ProbeBacktest): readonly Column<ProbeBacktestHit>[] {
  return [
    { title: 'AT', text: ({ at }) => formatInstant(at) },
    { title: 'FAILURES', align: 'right', text: ({ failures }) => formatCount(failures) },
    {
      title: 'FAILING FOR',
      align: 'right',
      text: ({ at, until }) => `${until === null ? 'at least ' : ''}${formatDuration((until ?? to ?? at) - at)}`,
    },
  ];
}
