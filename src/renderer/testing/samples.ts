import type { AlertsStatus } from '../../shared/model/alert';
import type { HealdeckEvent } from '../../shared/model/event';
import type { ProcessRow } from '../../shared/model/process';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import type { BudgetStatus, EngineInfo, MachineSample, WatchStatus } from '../../shared/model/snapshot';
import type { Watch } from '../../shared/model/watch';

/** Values of the model for tests: complete, ordinary, and changed where a test needs it. */

export function engineInfo(change: Partial<EngineInfo> = {}): EngineInfo {
  return {
    version: '0.1.0',
    pid: 4242,
    shell: 'headless',
    hostname: 'workbench',
    platform: 'linux',
    home: '/home/ada',
    dataDir: '/home/ada/.config/healdeck',
    startedAt: 0,
    settings: DEFAULT_SETTINGS,
    ownCpuPercent: 0.6,
    ownRssBytes: 84_000_000,
    tickDelayMs: 2,
    tickDurationMs: 6,
    samplingIntervalMs: 2000,
    healingPausedUntil: null,
    unwrittenEvents: 0,
    unwrittenSince: null,
    historyProblem: null,
    ...change,
  };
}

export function alertsStatus(change: Partial<AlertsStatus> = {}): AlertsStatus {
  return {
    channels: [
      {
        channel: 'mail',
        state: 'ready',
        recipients: ['ada@example.org'],
        description: 'mail.example.org:587, STARTTLS, as healdeck',
        problem: null,
        lastSentAt: null,
      },
      {
        channel: 'desktop',
        state: 'ready',
        recipients: [''],
        description: 'notifications of this desktop',
        problem: null,
        lastSentAt: null,
      },
      { channel: 'webhook', state: 'off', recipients: [], description: 'no address', problem: null, lastSentAt: null },
      { channel: 'command', state: 'off', recipients: [], description: 'no program', problem: null, lastSentAt: null },
    ],
    waiting: 0,
    failed: 0,
    held: 0,
    holds: [],
    mutes: [],
    quietUntil: null,
    warnings: [],
    fromEnvironment: [],
    ...change,
  };
}

export function machineSample(at: number): MachineSample {
  return {
    at,
    corePercents: [20, 40],
    memoryTotalBytes: 16_000_000_000,
    memoryUsedBytes: 6_000_000_000,
    swapTotalBytes: 2_000_000_000,
    swapUsedBytes: 0,
    loadAverages: [0.5, 0.4, 0.3],
    uptimeSeconds: 86_400,
    processes: 321,
  };
}

export function watchOf(id: string, change: Partial<Watch> = {}): Watch {
  return {
    id,
    revision: 1,
    name: id,
    groups: [],
    target: { kind: 'command', command: { argv: ['node', 'server.mjs'], cwd: '/srv/app', env: {}, user: null } },
    restart: null,
    success: { exitCodes: [0], signals: [] },
    autostart: true,
    probes: [],
    after: [],
    schedule: null,
    overrides: {},
    ...change,
  };
}

export function watchStatus({
  id,
  processes = 1,
  ...change
}: { id: string; processes?: number } & Partial<Omit<WatchStatus, 'processes'>>): WatchStatus {
  return {
    watch: watchOf(id),
    phase: 'running',
    reason: 'Running.',
    readiness: null,
    programStatus: null,
    cause: null,
    probes: [],
    sinceAt: 0,
    processes: Array.from({ length: processes }, (_, index) => ({
      pid: 100 + index,
      startTime: 1,
      origin: 'child',
      name: 'node',
      state: 'sleeping',
      cpuPercent: 10,
      rssBytes: 100_000_000,
      threads: 11,
      descendants: 0,
      startedAt: 0,
      graceEndsAt: 0,
    })),
    use: { cpuPercent: 10 * processes, memoryBytes: 100_000_000 * processes },
    restarts: 0,
    lastRestartAt: null,
    nextAttemptAt: null,
    nextRun: null,
    incident: null,
    budget: budgetStatus(),
    observed: false,
    settings: DEFAULT_SETTINGS,
    ...change,
  };
}

/** A budget by the standard settings, with so many restarts used in each window. */
export function budgetStatus(change: Partial<BudgetStatus> & { used?: number } = {}): BudgetStatus {
  const { used = 0, ...others } = change;
  return {
    windows: [
      { restarts: 5, used, windowMs: 60_000 },
      { restarts: 10, used, windowMs: 300_000 },
      { restarts: 20, used, windowMs: 3_600_000 },
    ],
    cooldown: null,
    trips: 0,
    ...others,
  };
}

export function processRow(change: Partial<ProcessRow> & { pid: number }): ProcessRow {
  return {
    startTime: 1,
    ppid: 1,
    pgid: change.pid,
    session: change.pid,
    name: 'node',
    state: 'sleeping',
    cpuPercent: 0,
    rssBytes: 50_000_000,
    threads: 7,
    kernel: false,
    uid: 1000,
    user: 'ada',
    argv: ['node', 'server.mjs'],
    startedAt: 0,
    watchId: null,
    protectionReason: null,
    ...change,
  };
}

export function eventOf(id: number, change: Partial<Extract<HealdeckEvent, { type: 'notice' }>> = {}): HealdeckEvent {
  return {
    id,
    at: new Date(id * 1000).toISOString(),
    type: 'notice',
    severity: 'info',
    watch: null,
    pid: null,
    incident: null,
    message: `Event ${id}`,
    data: { topic: 'test', detail: '' },
    ...change,
  };
}
