import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { version } from '../../package.json';
import { argvSecrets } from '../shared/lib/process/mask-argv';
import { crashesSeen } from '../shared/lib/crash/crash-groups';
import type { CrashCount } from '../shared/model/crash-group';
import type { SecretMask } from '../shared/lib/process/mask-secrets';
import { membersOf } from '../shared/lib/instances';
import { watchSecrets } from '../shared/lib/process/watch-secrets';
import { situationOf, situationText } from '../shared/lib/format/situation';
import { resolveSettings, type Settings } from '../shared/model/settings';
import { createChildGroups } from './adapters/processes/cgroups';
import { createMemoryGroups } from './adapters/processes/memory-groups';
import { createSystemClock } from './adapters/clock';
import { ConfigFileStore, type ConfLike, type ConfOptions } from './adapters/stores/config-store';
import { ConfigWatch } from './adapters/stores/config-watch';
import { openDataDir } from './adapters/files/data-dir';
import { DataDirGuard } from './adapters/files/data-dir-guard';
import { identifyDataDir } from './adapters/files/data-dir-identity';
import { createDataDirPort } from './adapters/files/data-dir-port';
import { DataDirLock } from './adapters/files/engine-lock';
import { DrillRunner } from './adapters/drill-runner';
import { OwnMachineHealth } from './adapters/machine/machine-health';
import { SceneThread } from './adapters/evidence/scene-thread';
import { takeManagerAddress } from './adapters/notices/manager-environment';
import { noticePlace } from './adapters/notices/notice-place';
import { openServiceNotices } from './adapters/notices/open-service-notices';
import { sendToManager } from './adapters/notices/send-to-manager';
import { ServiceManager } from './adapters/notices/service-manager';
import { ErrorSink } from './adapters/logs/error-sink';
import { PriorityBoost } from './adapters/processes/priority-boost';
import { recordProcesses } from './adapters/history/recording/record-processes';
import { ChildFirst } from './adapters/launch/child-first';
import { LaunchTraceFile, SHARED_MEMORY } from './adapters/launch/launch-traces';
import { createMarks } from './adapters/launch/marks';
import { CurrentMask, maskEvents, maskTails } from './adapters/record/masking';
import { maxKeptDescriptors, operatorsOpenFiles } from './adapters/launch/inherited-limits';
import type { StorageNotice } from './adapters/files/notice';
import { RotatedOutputFiles } from './adapters/logs/output-files';
import { createOutputReader } from './adapters/logs/output-reader';
import { OutputSinks } from './adapters/logs/output-sinks';
import { openEndNotices } from './adapters/processes/pidfd/open-end-notices';
import { openPidfds } from './adapters/processes/pidfd/pidfds';
import { loadSystemCalls } from './adapters/processes/pidfd/system-calls';
import { createLastWordsReader, createProcessTable, createSocketReader } from './adapters/processes/process-table';
import { openEngineRecord } from './adapters/record/open-engine-record';
import type { RecordLimits } from './adapters/record/record-server';
import { SecretFileStore, type Keyring } from './adapters/stores/secret-store';
import { createSignaller } from './adapters/processes/signaller';
import { NetworkProber } from './adapters/probes/prober';
import { ProgramSpawner } from './adapters/launch/spawner';
import { ownOomScoreAdj, startLimitsOf } from './adapters/launch/start-limits';
import { ReaderThread } from './adapters/processes/procfs/reader-thread';
import { createMachine, type SystemMachine } from './adapters/processes/systeminformation';
import type { DesktopNotification, Notifier } from './alerts/channels/desktop';
import type { CrashHistory } from './api/crashes-feed';
import { QuietNotices, malformedMessage } from './api/quiet-notices';
import { createRouter, type DashboardLinks, type HealdeckRouter } from './api/router';
import { UnixSocketServer } from './api/unix-socket';
import { composeAlerts } from './compose-alerts';
import type { Desktop } from './compose-channels';
import { createEngine } from './engine/create-engine';
import type { Engine } from './engine/engine';
import { MAX_STRETCH } from './engine/ticks/pace';
import type { ReportError } from './engine/ports';

export { openDataDir };
export type { DesktopNotification, Keyring, Notifier };

/** Logs of programs that stay open between their starts. */
const MAX_KEPT_OUTPUTS = 4096;
/** Each costs some kB in the kernel. */
const MAX_FOLLOWED = 32_768;

export interface ComposeOptions {
  /** Absolute. */
  dataDir: string;
  /** Where the bundles of the engine's threads lie: record-worker.js, end-worker.js, evidence-worker.js and reader-worker.js. */
  threadsDir: string;
  shell: 'desktop' | 'headless';
  /** Opens the store behind config.json: electron-store in the desktop shell, conf without Electron. */
  openConfig: (options: ConfOptions) => ConfLike;
  /** What secrets are encrypted by; null without a desktop. */
  keyring: Keyring | null;
  /** Where alerts are shown; null without a window. */
  desktop: Desktop | null;
}

/** A running engine with everything it stands on. */
export interface Healdeck {
  engine: Engine;
  router: HealdeckRouter;
  machine: SystemMachine;
  info: { version: string };
  /** Where fresh one-time links to a web dashboard come from. */
  attachDashboard(links: DashboardLinks): void;
  /** Reads config.json now; what becomes of it is an event. */
  reloadConfig(): void;
  /** Resolves with the reason when another engine has the data directory, and this one has stopped healing. */
  taken: Promise<string>;
  /** Stops watching, writes what is to be written and frees the data directory; watched programs go on running. */
  dispose(reason: string): Promise<void>;
}

/** What earlier engines have counted; nothing where the history can't be read, which it reports itself. */
async function crashCounts(history: Pick<CrashHistory, 'crashCounts'>): Promise<readonly CrashCount[]> {
  try {
    return await history.crashCounts(Number.MAX_SAFE_INTEGER);
  } catch {
    return [];
  }
}

/** Events of earlier engines that a fresh dashboard shows. */
const RECENT_EVENTS = 200;

/**
 * Wires an engine to this machine and starts it. Rejects with a clear error when the data directory can't be used, another
 * engine runs on it, or its configuration is of another version; then nothing is left behind.
 */
export async function composeHealdeck({
  dataDir,
  threadsDir,
  shell,
  openConfig,
  keyring,
  desktop,
}: ComposeOptions): Promise<Healdeck> {
  const undo: (() => void | Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    for (const dispose of undo.splice(0).reverse()) await dispose();
  };
  try {
    // A death is rare and urgent: what it runs is compiled at its first call, and not interpreted until it has run often.
    setFlagsFromString('--always-sparkplug');
    const clock = createSystemClock();
    // Before anything can be started that would inherit it.
    const managerAddress = takeManagerAddress(process.env, process.pid);
    const inbox = new NoticeInbox();
    /** Nothing is known to be secret before there is a store of secrets. */
    let mask: SecretMask = (text) => text;
    const notify = (notice: StorageNotice): void => inbox.put(notice);
    const { report } = new ErrorSink({
      clock,
      write: (text) => process.stderr.write(text),
      report: (detail) => notify({ topic: 'healdeck', severity: 'high', detail }),
      mask: (text) => mask(text),
    });
    undo.push(catchStrays(report));
    // First, so that they are disposed of last: a thread that hangs in a system call then ends this process.
    const reader = new ReaderThread({ file: join(threadsDir, 'reader-worker.js'), clock, report });
    undo.push(() => reader.dispose((text) => process.stderr.write(`${text}\n`)));
    const openSceneThread = (): SceneThread => {
      const thread = new SceneThread({
        ...{ file: join(threadsDir, 'evidence-worker.js'), clock, report },
        avoided: () => reader.holders,
      });
      undo.push(() => thread.dispose((text) => process.stderr.write(`${text}\n`)));
      return thread;
    };
    const [scenes, changeScenes, diskScenes] = [openSceneThread(), openSceneThread(), openSceneThread()];

    const paths = openDataDir(dataDir);
    const startedAt = new Date(clock.wallMs()).toISOString();
    const lock = new DataDirLock(paths, { pid: process.pid, startedAt, shell });
    undo.push(() => lock.release());
    const directory = identifyDataDir(paths.dir);

    const config = new ConfigFileStore({ paths, directory, open: openConfig, nowMs: () => clock.wallMs(), notify });
    config.notices.forEach(notify);
    const secrets = new SecretFileStore({
      file: paths.secrets,
      directory,
      env: process.env,
      keyring,
      nowMs: () => clock.wallMs(),
      notify,
    });
    const settings = (): Settings => resolveSettings(config.overrides());
    const secretWords = (): readonly string[] => settings()['mask.words'];
    const secretValues = (): readonly string[] => [
      ...secrets.values(),
      ...watchSecrets(config.watches().flatMap(membersOf), secretWords()),
      ...argvSecrets(settings()['command.argv'], secretWords()),
    ];
    const masks = new CurrentMask(secretValues, secretWords);
    mask = (text) => masks.mask(text);

    const record = await openEngineRecord({
      threadFile: join(threadsDir, 'record-worker.js'),
      files: { dataDir: paths.dir, history: paths.history, healingLog: paths.healingLog, state: paths.state },
      limits: recordLimits(settings()),
      ...{ directory, clock, notify, report },
    });
    undo.push(() => record.dispose((text) => process.stderr.write(`${text}\n`)));
    const { history } = record;
    const events = maskEvents(history, secretWords);
    const sinks = new OutputSinks({
      logsDir: paths.logs,
      files: () => settings()['output.files'],
      maxKept: maxKeptDescriptors(MAX_KEPT_OUTPUTS),
      report,
    });
    undo.push(() => sinks.dispose());
    const output = new RotatedOutputFiles({
      logsDir: paths.logs,
      limits: () => ({ maxBytes: settings()['output.maxBytes'], files: settings()['output.files'] }),
      sinks,
      notify,
      report,
    });
    undo.push(() => output.dispose());

    const machine = createMachine({ clock });
    const priority = new PriorityBoost(clock);
    undo.push(() => priority.dispose());
    const table = createProcessTable({ clock, reader, onStarved: () => priority.onStarved() });
    undo.push(() => table.dispose());
    const identify = table.identify.bind(table);
    const ownDir = createDataDirPort(paths.dir, clock);
    const place = { dataDirId: ownDir.identity.id, bootId: machine.bootId };
    const marks = createMarks({ file: paths.markKey, place, notify });
    let started = false;
    const traces = new LaunchTraceFile({
      file: process.platform === 'linux' ? join(SHARED_MEMORY, `healdeck-${marks.sharedName()}`) : null,
      clock,
    });
    undo.push(() => traces.dispose({ remove: started }));
    const groups = createChildGroups({ dataDir: paths.dir, publicName: marks.publicName, clock, identify });
    undo.push(() => groups.dispose());
    const loaded = loadSystemCalls();
    const manager = new ServiceManager({
      ...{ address: managerAddress, clock },
      send: sendToManager(managerAddress?.socket ?? '', loaded, process.env['PATH']),
      onProblem: (problem) =>
        notify({
          ...{ topic: 'healdeck', severity: 'warning' },
          detail: `The service manager could not be notified (${problem}); it is tried again. It may end this engine`,
        }),
    });
    const kernel = openPidfds(loaded);
    const pidfds = kernel.available ? kernel.pidfds : null;
    const endNotices = openEndNotices({
      ...{ kernel, identify, clock, notify, report },
      threadFile: join(threadsDir, 'end-worker.js'),
      maxFollowed: maxKeptDescriptors(MAX_FOLLOWED),
    });
    undo.push(() => endNotices.dispose());
    const serviceNotices = openServiceNotices({
      ...{ loaded, clock, notify, report },
      place: noticePlace(paths.dir, userInfo().uid),
      uid: userInfo().uid,
      threadFile: join(threadsDir, 'notice-worker.js'),
    });
    undo.push(() => serviceNotices.dispose());
    const openFiles = operatorsOpenFiles();
    const childFirst = new ChildFirst(clock);
    const spawner = new ProgramSpawner({
      sinks,
      output,
      identify,
      baseEnv: process.env,
      limits: (watch) => startLimitsOf(resolveSettings(config.overrides(), watch.overrides), openFiles),
      engineOomScoreAdj: ownOomScoreAdj,
      traces,
      groups,
      pidfds,
      native: loaded.available ? loaded.spawn : null,
      resetPriority: (pid) => priority.resetPriority(pid),
      yieldToChild: () => childFirst.yield(),
      report,
    });
    undo.push(() => spawner.dispose());

    const prober = new NetworkProber({
      ...{ clock, pidfds, report },
      secretOf: (name) => secrets.read(name),
      mask: (text) => mask(text),
      limits: () => startLimitsOf(settings(), openFiles),
      engineOomScoreAdj: ownOomScoreAdj,
      resetPriority: (pid) => priority.resetPriority(pid),
    });
    undo.push(() => prober.dispose());

    // Side by side: each waits for a disk that does not answer, but not for long.
    const [recentEvents, distressEvents, counts] = await Promise.all([
      events.listEvents({ limit: RECENT_EVENTS }),
      events.listEvents({ types: ['machine_distress', 'machine_relieved'], limit: RECENT_EVENTS }),
      crashCounts(history),
    ]);
    const engine = createEngine(
      {
        clock,
        table,
        lastWords: createLastWordsReader({ clock, identify, mask, reader }),
        sockets: createSocketReader({
          clock,
          reader,
          isAlive: (identity) => table.isAlive(identity),
          netlink: loaded.available ? loaded.netlink : null,
        }),
        spawner,
        marks,
        launchTraces: traces,
        dataDir: ownDir,
        signaller: createSignaller({ identify, pidfds }),
        endNotices,
        treeKiller: groups,
        boost: () => priority.boost(),
        random: Math.random,
        output: maskTails(output, mask),
        scenes,
        prober,
        serviceNotices,
        changeScenes,
        machine,
        machineHealth: new OwnMachineHealth({ clock, scenes: diskScenes }),
        memoryGroups: createMemoryGroups(),
        events: record.events,
        samples: history,
        config,
        state: record.state,
        report,
      },
      {
        ...{ version, shell, dataDir: paths.dir },
        recentEvents,
        distressEvents,
        crashesSeen: crashesSeen(counts),
      },
    );
    let reason = 'start-up failed';
    undo.push(() => engine.dispose(reason));
    let settingsSeen = engine.settings.inForce();
    undo.push(
      engine.subscribe(({ engine: changed }) => {
        // Each tick has the same settings until somebody changes one.
        if (changed === undefined || changed.settings === settingsSeen) return;
        settingsSeen = changed.settings;
        record.configure(recordLimits(changed.settings));
      }),
    );
    undo.push(
      recordProcesses({
        engine,
        clock,
        isWanted: () => settings()['history.tableHours'] !== null,
        write: (moments) => history.recordTable(moments),
      }),
    );
    undo.push(
      engine.subscribe(({ watches = [], ticked }) => {
        if (!ticked) return;
        const nextWithinMs = MAX_STRETCH * settings()['sampling.intervalMs'];
        manager.ticked({ status: situationText(situationOf(watches)), nextWithinMs });
      }),
    );
    // They listen from the first event on.
    const alerts = composeAlerts({
      ...{ engine, history, clock, secrets, secretValues, desktop, report },
      hostname: machine.hostname,
      dataDir: paths.dir,
      identify,
    });
    undo.push(() => alerts.dispose());
    undo.push(secrets.subscribe(() => alerts.settingsChanged()));
    await alerts.restoring;
    await engine.start();
    started = true;
    for (const watch of config.watches().flatMap(membersOf)) spawner.openAhead(watch);
    alerts.start();
    inbox.open((notice) => engine.note(notice));
    const adopt = (): void => engine.config.reload();
    const configWatch = new ConfigWatch({ file: paths.config, store: config, reload: adopt, clock, notify, report });
    undo.push(() => configWatch.dispose());

    // The command line's bundle lies beside this one.
    const drill = new DrillRunner({ cli: join(__dirname, 'cli.js'), env: process.env });
    undo.push(() => drill.dispose());

    let dashboard: DashboardLinks | null = null;
    const router = createRouter({
      engine,
      history: {
        ...events,
        crashCounts: (belowId) => history.crashCounts(belowId),
        crashEvents: (ids, belowId, limitEach) => history.crashEvents(ids, belowId, limitEach),
        samples: (query) => history.samples(query),
        eachReading: (query, onPage) => history.eachReading(query, onPage),
        probeHistory: (query) => history.probeHistory(query),
        eachAttempt: (query, onPage) => history.eachAttempt(query, onPage),
        tableAt: (at) => history.tableAt(at),
        recordedSpan: () => history.recordedSpan(),
        readingsOf: (identity, query) => history.readingsOf(identity, query),
      },
      output: createOutputReader(paths.logs),
      alerts,
      secrets,
      drill,
      dashboard: () => dashboard,
      proveDisk: () => history.proveDisk(),
      clock,
      report,
    });
    const quietNotices = new QuietNotices({ clock, note: (notice) => engine.note(notice) });
    const onMalformed = (): void => quietNotices.note('malformed message', malformedMessage('the command line'));
    const socket = await UnixSocketServer.open({ router, path: paths.socket, onMalformed });
    undo.push(() => socket.dispose());

    let reportTaken: (reason: string) => void = () => undefined;
    const taken = new Promise<string>((resolve) => (reportTaken = resolve));
    const guard = new DataDirGuard({
      ...{ paths, identity: directory, lock, clock, notify },
      rebindSocket: async () => {
        serviceNotices.refresh();
        return socket.refresh();
      },
      refill: () => config.saveAll({ watches: config.watches(), overrides: config.overrides() }),
      onTaken: (takenReason) =>
        // After the notice of it, which is published in a microtask too.
        queueMicrotask(() => {
          reason = takenReason;
          engine.dispose(takenReason);
          reportTaken(takenReason);
        }),
    });
    undo.push(() => guard.dispose());
    undo.push(() => manager.stopping());
    manager.ready();

    return {
      engine,
      router,
      machine,
      info: { version },
      attachDashboard: (links) => {
        dashboard = links;
      },
      reloadConfig: () => configWatch.check(),
      taken,
      dispose: (takenReason) => {
        reason = takenReason;
        return release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Notices wait here until there is an engine to publish them, and each is handed on in a turn of its own. */
class NoticeInbox {
  private waiting: StorageNotice[] = [];
  private publish: ((notice: StorageNotice) => void) | null = null;

  put(notice: StorageNotice): void {
    const { publish } = this;
    // A notice may come up while an event is being written: publishing it then would be an event within an event.
    if (publish !== null) queueMicrotask(() => publish(notice));
    else this.waiting.push(notice);
  }

  open(publish: (notice: StorageNotice) => void): void {
    this.publish = publish;
    this.waiting.forEach(publish);
    this.waiting = [];
  }
}

/** Errors that nobody caught end in the sink, and watching goes on. */
function catchStrays(report: ReportError): () => void {
  const onException = (error: unknown): void => report('an uncaught error', error);
  const onRejection = (error: unknown): void => report('an unhandled rejection', error);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

function recordLimits(settings: Settings): RecordLimits {
  return {
    retention: {
      sampleHours: settings['history.sampleHours'],
      minuteDays: settings['history.minuteDays'],
      quarterDays: settings['history.quarterDays'],
      eventDays: settings['history.eventDays'],
      tableHours: settings['history.tableHours'],
      maxBytes: settings['history.maxBytes'],
    },
    healingLog: { maxBytes: settings['healingLog.maxBytes'], files: settings['healingLog.files'] },
  };
}
