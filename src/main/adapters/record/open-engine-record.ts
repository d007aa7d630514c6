import { plural } from '../../../shared/lib/format/values';
import type { Clock, EventLog, ReportError, StateStore } from '../../engine/ports';
import type { DataDirIdentity } from '../files/data-dir-identity';
import { RecordedEventLog } from './event-log';
import { openHealingLog } from '../logs/healing-log';
import { errorText, type Notify } from '../files/notice';
import { FileStateStore } from '../stores/state-store';
import { EngineRecord } from './record';
import { hostInPlace, RecordThread, type RecordHost, type RecordHostOptions } from './record-host';
import type { RecordFiles, RecordLimits } from './record-server';

export interface EngineRecordOptions {
  /** The bundle that a thread runs. */
  threadFile: string;
  files: RecordFiles;
  limits: RecordLimits;
  /** Asked before each write to a file that is opened by its path. */
  directory?: Pick<DataDirIdentity, 'assertSame' | 'assertOwned'>;
  clock: Clock;
  notify: Notify;
  report: ReportError;
}

/** All that an engine leaves on the disk about what happens, but for its configuration and the output of programs. */
export interface OpenedRecord {
  history: EngineRecord;
  events: EventLog;
  state: StateStore;
  configure(limits: RecordLimits): void;
  /**
   * Writes what waits and closes, within DISPOSE_LIMIT_MS. What is lost is reported, and then, as the disk does not answer, this
   * process is killed: a thread that hangs in a system call can't be joined, so exit(3) would never return.
   */
  dispose(say: (text: string) => void): Promise<void>;
}

/** An end takes no longer than this, whatever the disk does. */
export const DISPOSE_LIMIT_MS = 2000;

/** A thread that does not end within this is in a system call that does not return. */
const STUCK_LIMIT_MS = 500;

/** Opens the record in a thread of its own or, where none can be started, in this one. Rejects only for mistakes of ours. */
export async function openEngineRecord(options: EngineRecordOptions): Promise<OpenedRecord> {
  return composeRecord(await hostOf(options), options);
}

async function hostOf(options: EngineRecordOptions): Promise<RecordHost> {
  try {
    return await RecordThread.open(options.threadFile, options);
  } catch (error) {
    options.notify({
      topic: 'healdeck',
      severity: 'high',
      detail: `The record is written without a thread of its own, which could not be started (${errorText(error)}): a disk that hangs will stop healing.`,
    });
    return hostInPlace(options);
  }
}

/** The record over whoever carries it out. */
export async function composeRecord(
  host: RecordHost,
  {
    files,
    directory,
    clock,
    notify,
    report,
  }: Omit<RecordHostOptions, 'limits'> & Pick<EngineRecordOptions, 'directory'>,
): Promise<OpenedRecord> {
  const { client } = host;
  const start = await client.open();
  const history = new EngineRecord({ client, start, dataDir: files.dataDir, clock, notify });
  const healingLog = openHealingLog({
    write: async (lines) => {
      directory?.assertSame();
      return client.appendLines(lines);
    },
    ...{ clock, notify },
  });
  const state = new FileStateStore({
    file: files.state,
    ...{ clock, notify },
    memories: start.memories,
    remember: (memories) => history.remember(memories),
    isRemembered: (watchId) => history.isRemembered(watchId),
    remembered: (limitMs) => history.written(limitMs),
    decided: () => history.decided(),
    write: async (text, durable) => {
      directory?.assertOwned();
      return client.saveState(text, durable);
    },
  });
  const events = new RecordedEventLog({ history, healingLog, clock, report });

  async function writeAll(): Promise<void> {
    // The state is never newer than the history.
    await Promise.all([history.dispose().then(() => state.dispose()), healingLog.dispose()]);
    await client.dispose();
  }

  return {
    ...{ history, events, state },
    configure: (limits) => host.configure(limits),
    async dispose(say) {
      const isWritten = await within(clock, DISPOSE_LIMIT_MS, writeAll());
      const lost = Math.max(history.unwrittenEvents, healingLog.unwritten);
      if (lost > 0)
        say(`${plural(lost, 'event')} could not be written before the end; ${files.dataDir} does not accept writes.`);
      const ended = await host.end(isWritten ? DISPOSE_LIMIT_MS : STUCK_LIMIT_MS);
      if (ended) return;
      say(`The disk of ${files.dataDir} does not answer; Healdeck ends without it.`);
      process.kill(process.pid, 'SIGKILL');
    },
  };
}

/** Whether something is over, well or not, before the limit. */
function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, () => resolve(false));
    const over = (): void => {
      cancel();
      resolve(true);
    };
    work.then(over, over);
  });
}
