import type { HealdeckEvent } from '../../shared/model/event';
import type { Settings } from '../../shared/model/settings';
import { identityKey, type ProcessIdentity } from '../../shared/model/process';
import type { DiskRates, HistoryPoint, WatchStatus } from '../../shared/model/snapshot';
import { seeded } from './fake-random';

/** What a process uses at one moment. */
interface Use {
  cpuPercent: number;
  rssBytes: number;
}

/** A reading without its time. */
export type Reading = Omit<HistoryPoint, 'at' | 'spread'>;

const STEP_MS = 2000;
/** As long as this a violation is seen in the curve, up to the event that reports it. */
const VIOLATION_MS = 20_000;
/** What a watch used whose processes are gone. */
const FORMER: Use = { cpuPercent: 12, rssBytes: 120e6 };

/**
 * What the processes of the fake world use at any moment: around what each used when it was first seen, in waves and with
 * some noise, the same for the same moment. So what is read live fits what the history shows.
 */
export function createUses() {
  const homes = new Map<string, Use>();
  const at = (process: ProcessIdentity & Use, moment: number): Use => {
    const key = identityKey(process);
    const home = homes.get(key) ?? { cpuPercent: process.cpuPercent, rssBytes: process.rssBytes };
    homes.set(key, home);
    return around(home, process.pid, moment);
  };
  return {
    at,

    /** What all processes of a watch used together; null when none ran. What its events report is to be seen in it. */
    ofWatch({ watch, processes, sinceAt, settings }: WatchStatus, events: readonly HealdeckEvent[]) {
      const violations = events.flatMap((event) =>
        event.type === 'limit_exceeded' && event.watch === watch.name
          ? [{ ...event.data, at: Date.parse(event.at) }]
          : [],
      );
      return (moment: number): Reading | null => {
        if (processes.length === 0 && moment > sinceAt) return null;
        const uses = processes.length === 0 ? [around(FORMER, 1, moment)] : processes.map((one) => at(one, moment));
        const use: Reading = {
          cpuPercent: uses.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0),
          memoryBytes: uses.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
          ...diskRates(settings, moment),
        };
        for (const { metric, value, at: reported } of violations) {
          if (moment < reported - VIOLATION_MS || moment > reported) continue;
          if (metric === 'cpu') use.cpuPercent = Math.max(use.cpuPercent, value);
          else use.memoryBytes = Math.max(use.memoryBytes, value);
        }
        return use;
      };
    },
  };
}

/** Of a watch with a limit of writing: a checkpoint every five minutes. */
export function diskRates(settings: Settings, moment: number): DiskRates {
  if (settings['diskWrite.limitBytesPerSecond'] === null) return {};
  const noise = seeded(Math.floor(moment / STEP_MS))();
  const isCheckpoint = moment % 300_000 < 40_000;
  return {
    diskReadBytesPerSecond: noise > 0.7 ? 3e6 * noise : 0,
    diskWriteBytesPerSecond: (isCheckpoint ? 34e6 : 4e6) * (0.8 + 0.4 * noise),
  };
}

function around(home: Use, pid: number, moment: number): Use {
  const noise = seeded(pid * 100_003 + Math.floor(moment / STEP_MS))();
  const wave = Math.sin(moment / 47_000 + pid);
  return {
    cpuPercent: home.cpuPercent * (1 + 0.25 * wave + 0.5 * (noise - 0.5)),
    rssBytes: Math.round(home.rssBytes * (1 + 0.04 * wave + 0.01 * noise)),
  };
}
