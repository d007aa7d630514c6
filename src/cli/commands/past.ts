import { InvalidArgumentError, type Command } from 'commander';
import { CHARTED } from '../../shared/findings';
import { samplesCsv } from '../../shared/lib/text/csv';
import {
  formatBytes,
  formatCount,
  formatLoad,
  formatPercent,
  formatRate,
  formatReading,
  plural,
} from '../../shared/lib/format/values';
import { BACKTEST_UNITS, type Backtest, type BacktestHit } from '../../shared/model/backtest';
import type { Settings } from '../../shared/model/settings';
import type { HistoryPoint } from '../../shared/model/snapshot';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import type { Column } from '../output/table';
import { momentOf, parseLimit } from './events';
import {
  addProbeBacktestOptions,
  backtestProbe,
  checkProbeBacktestOptions,
  type ProbeBacktestOptions,
} from './probe-backtest';
import { addOverrideOptions, changedOverrides, overridesOf, type OverrideOptions } from './override-options';
import { formatDuration } from '../../shared/lib/format/duration';

interface HistoryOptions {
  since: string;
  points: number;
  csv?: boolean;
  json?: boolean;
}

interface BacktestOptions extends OverrideOptions, ProbeBacktestOptions {
  hours: number;
  json?: boolean;
}

/** `history` and `backtest`: what was measured, and what limits would have done about it. */
export function addPastCommands(program: Command, context: CliContext): void {
  program
    .command('history')
    .description('show the readings of a watch, or of the machine')
    .argument('[name]', 'name or id of a watch; without it, the machine')
    .option('--since <when>', 'start of the time: 1h, 30d, or a time such as 2026-01-31T12:00:00Z', '1h')
    .option(
      '--points <n>',
      'maximum number of points, from 10 to 5000; over a long time each stands for several readings',
      parsePoints,
      60,
    )
    .option('--csv', 'print CSV')
    .option('--json', 'print one JSON array of points')
    .addHelpText(
      'after',
      examples('healdeck history web --since 1d', 'healdeck history web --csv --since 30d --points 3000'),
    )
    .action(async (name: string | undefined, options: HistoryOptions, command: Command) => {
      if (options.csv && options.json) throw usage('expected one of --csv and --json');
      const sinceAt = momentOf('--since', options.since, context.io.now());
      const points = await withEngine(command, context, (client) =>
        client.history.samples({ watch: name ?? null, sinceAt, points: options.points }),
      );
      if (options.csv) return context.io.out(samplesCsv(points));
      print(context, options.json, points, () =>
        points.length === 0
          ? 'There are no readings in this time.\n'
          : printTable(context, pointColumns(context, points), points),
      );
    });

  const backtest = program
    .command('backtest')
    .description('show what limits, or a probe, would have done on what is recorded of the last hours')
    .argument('<name>', 'a watch');
  addProbeBacktestOptions(addOverrideOptions(backtest))
    .option('--hours <n>', 'number of hours to look back', parseLimit(720), 24)
    .option('--json', 'print one JSON value')
    .addHelpText(
      'after',
      examples(
        'healdeck backtest web --cpu 80 --memory 500M',
        'healdeck backtest web --tolerance 5/10',
        'healdeck backtest web --probe health --probe-failures 2/3',
      ),
    )
    .action(async (name: string, options: BacktestOptions, command: Command) => {
      const overrides = changedOverrides({}, overridesOf(options));
      checkProbeBacktestOptions(options);
      const { probe } = options;
      if (probe !== undefined) {
        if (Object.keys(overrides).length > 0) throw usage('expected either limits or --probe, got both');
        return backtestProbe(context, command, name, { ...options, probe });
      }
      const result = await withEngine(command, context, (client) =>
        client.watches.backtest({ watch: name, overrides, hours: options.hours }),
      );
      print(context, options.json, result, () => {
        const acts = result.hits.filter(({ level }) => level === 'act').length;
        const warnings = result.hits.length - acts;
        const reported = `The limits would have acted ${plural(acts, 'time')} on ${plural(result.readings, 'reading')} of the last ${formatDuration(options.hours * 3_600_000)}, and warned ${plural(warnings, 'time')}.\n`;
        const note = `The readings are of the ${result.readingsOf}, the limits of the ${result.limitsOf}, so this is only an approximation.\n`;
        const scope = result.readingsOf === result.limitsOf ? '' : note;
        return (
          reported +
          scope +
          aboutRates(result, overrides) +
          (result.hits.length === 0 ? '' : `\n${printTable(context, hitColumns(context), result.hits)}`)
        );
      });
    });
}

function parsePoints(text: string): number {
  const points = parseLimit(5000)(text);
  if (points < 10) throw new InvalidArgumentError(`expected a whole number from 10 to 5000, got "${text}".`);
  return points;
}

/** What readings lack, where limits of reading and writing are tried that are not all set already. */
function aboutRates({ readings, diskReadings }: Backtest, tried: Partial<Settings>): string {
  const isTried = Object.keys(tried).some((key) => /^disk(?:Read|Write)\./.test(key));
  if (!isTried || diskReadings === readings) return '';
  return `${formatCount(diskReadings)} of these readings include disk rates, which are recorded only while a disk limit of the watch is set.\n`;
}

function pointColumns({ instant }: CliContext, points: readonly HistoryPoint[]): readonly Column<HistoryPoint>[] {
  const rate = (value: number | undefined): string => (value === undefined ? '' : formatRate(value));
  const rates: readonly Column<HistoryPoint>[] = [
    { title: 'READ', align: 'right', text: ({ diskReadBytesPerSecond }) => rate(diskReadBytesPerSecond) },
    { title: 'HIGHEST', align: 'right', text: ({ spread }) => rate(spread?.diskReadBytesPerSecond?.[1]) },
    { title: 'WRITTEN', align: 'right', text: ({ diskWriteBytesPerSecond }) => rate(diskWriteBytesPerSecond) },
    { title: 'HIGHEST', align: 'right', text: ({ spread }) => rate(spread?.diskWriteBytesPerSecond?.[1]) },
  ];
  return [
    { title: 'AT', text: ({ at }) => instant(at) },
    { title: 'CPU', align: 'right', text: ({ cpuPercent }) => formatPercent(cpuPercent) },
    { title: 'HIGHEST', align: 'right', text: ({ spread }) => (spread ? formatPercent(spread.cpuPercent[1]) : '') },
    { title: 'MEMORY', align: 'right', text: ({ memoryBytes }) => formatBytes(memoryBytes) },
    { title: 'HIGHEST', align: 'right', text: ({ spread }) => (spread ? formatBytes(spread.memoryBytes[1]) : '') },
    { title: 'LOAD', align: 'right', text: ({ load }) => (load === undefined ? '' : formatLoad(load)) },
    ...(points.some(({ diskReadBytesPerSecond }) => diskReadBytesPerSecond !== undefined) ? rates : []),
    ...CHARTED.filter(({ metric }) => points.some(({ counts }) => counts?.[metric] !== undefined)).flatMap(
      countColumns,
    ),
  ];
}

function countColumns({ metric, chart: { title } }: (typeof CHARTED)[number]): readonly Column<HistoryPoint>[] {
  const count = (value: number | undefined): string => (value === undefined ? '' : formatCount(Math.round(value)));
  return [
    { title: title.toUpperCase(), align: 'right', text: ({ counts }) => count(counts?.[metric]) },
    { title: 'HIGHEST', align: 'right', text: ({ spread }) => count(spread?.counts?.[metric]?.[1]) },
  ];
}

function hitColumns({ instant }: CliContext): readonly Column<BacktestHit>[] {
  const amount = (metric: BacktestHit['metric'], value: number): string =>
    metric === 'cpu' ? formatPercent(value) : formatReading(value, BACKTEST_UNITS[metric]);
  return [
    { title: 'AT', text: ({ at }) => instant(at) },
    { title: 'LIMIT', text: ({ metric }) => metric.replace('_', ' ') },
    { title: 'LEVEL', text: ({ level }) => level },
    { title: 'VALUE', align: 'right', text: ({ metric, value }) => amount(metric, value) },
    { title: 'ABOVE', align: 'right', text: ({ metric, limit }) => amount(metric, limit) },
    { title: 'WOULD', text: ({ action }) => action },
  ];
}
