import type { Command } from 'commander';
import { formatSpan } from '../../shared/lib/format/duration';
import { localTimes, machineTimeZone } from '../../shared/lib/format/local-time';
import { comingRuns, type ComingRun } from '../../shared/lib/format/schedule-runs';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import type { Column } from '../output/table';

const MAX_COUNT = 1000;

/** `next`. */
export function addNextCommand(program: Command, context: CliContext): void {
  program
    .command('next')
    .description('show what the schedules of all watches do next, in order of time')
    .option('--count <n>', `how many runs to show, at most ${MAX_COUNT}`, '10')
    .option('--json', 'print one JSON array: [{at, what, watch, timeZone}]')
    .addHelpText('after', examples('healdeck next', 'healdeck next --count 3 --json'))
    .action(async ({ count, json }: { count: string; json?: boolean }, command: Command) => {
      if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > MAX_COUNT) {
        throw usage(`expected a number from 1 to ${MAX_COUNT} after --count, got "${count}"`);
      }
      const runs = await withEngine(command, context, async (client) => {
        const [engine, watches] = await Promise.all([client.engine.info(), client.watches.list()]);
        return comingRuns(watches, { machineZone: engine.timeZone ?? machineTimeZone(), count: Number(count) });
      });
      print(context, json, runs, () => runsText(context, runs));
    });
}

function runsText(context: CliContext, runs: readonly ComingRun[]): string {
  if (runs.length > 0) return printTable(context, columns(context.io.now()), runs);
  return 'No schedule is due: no watch has one that is in force now (healdeck edit NAME --cron "30 2 * * *")\n';
}

function columns(now: number): readonly Column<ComingRun>[] {
  const local = localTimes(now);
  return [
    { title: 'IN', align: 'right', text: ({ at }) => formatSpan(Math.max(0, at - now)) },
    { title: 'LOCAL TIME', text: ({ at }) => local.full(at) },
    { title: 'IN ITS ZONE', text: ({ at, timeZone }) => `${localTimes(at, timeZone).full(at)} ${timeZone}` },
    { title: 'WATCH', text: ({ watch }) => watch },
    { title: 'WHAT', text: ({ what }) => what },
  ];
}
