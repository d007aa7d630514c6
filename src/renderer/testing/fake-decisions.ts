import { earlyReasonText } from '../../shared/events/text';
import type { EventData, EventType, HealdeckEvent, Severity } from '../../shared/model/event';
import { resolveSettings, type Settings } from '../../shared/model/settings';
import type { WatchStatus } from '../../shared/model/snapshot';
import { titleOf } from './fake-crashes';
import { seeded } from './fake-random';
import { budgetStatus } from './samples';

/** What the engine of the fake world has decided: limits, budgets, cooldowns, anomalies. */

/** Why `metrics` cools down before its budget is spent. */
const SAME = { times: 3, title: titleOf('syntax') };

/** Settings that a watch of the fake world has of its own. */
export function ownSettings(name: string): Partial<Settings> {
  switch (name) {
    case 'web':
      return { 'cpu.warnPercent': 60, 'cpu.limitPercent': 80, 'memory.limitBytes': 500_000_000 };
    case 'database':
      return { 'diskWrite.warnBytesPerSecond': 30_000_000, 'diskWrite.limitBytesPerSecond': 60_000_000 };
    case 'search':
      return { observe: true, 'memory.limitBytes': 2_000_000_000 };
    case 'crawler':
      return { 'restart.limit': 5, 'cooldown.growth': false };
    default:
      return {};
  }
}

/** How much of its budget a watch of the fake world has used, and what holds for it. */
export function decidedStatus(
  name: string,
  now: number,
): Pick<WatchStatus, 'budget' | 'observed' | 'settings'> & Partial<Pick<WatchStatus, 'sinceAt' | 'restarts'>> {
  const settings = resolveSettings(ownSettings(name));
  const others = { settings, observed: settings.observe };
  switch (name) {
    case 'crawler':
      return {
        ...others,
        sinceAt: now - 26_000,
        restarts: 5,
        budget: budgetStatus({
          used: 5,
          trips: 2,
          cooldown: { startedAt: now - 26_000, until: now + 94_000, restarts: 5, windowMs: 60_000 },
        }),
      };
    case 'api':
      return { ...others, budget: budgetStatus({ used: 3 }) };
    // It runs, and would not be restarted.
    case 'metrics':
      return {
        ...others,
        budget: budgetStatus({
          used: 2,
          trips: 1,
          ...{
            cooldown: { startedAt: now - 20_000, until: now + 100_000, restarts: 2, windowMs: 60_000, sameCrash: SAME },
          },
        }),
      };
    default:
      return { ...others, budget: budgetStatus({ used: name.length % 3 }) };
  }
}

/** What was found wrong over the day before, `count` times in a few bursts. */
export function pastFindings(firstId: number, count: number, now: number): HealdeckEvent[] {
  const random = seeded(5);
  const times = Array.from({ length: count }, () => {
    const burst = Math.floor(random() * 9);
    return now - (3.2 + burst * 2.4) * 3_600_000 - random() ** 2 * 4_000_000;
  }).sort((one, other) => one - other);
  return times.map((at, index): HealdeckEvent => {
    const watch = ['web', 'api', 'search', 'crawler', 'encoder', 'worker-1'][Math.floor(random() * 6)] ?? 'web';
    const value = 82 + Math.round(random() * 60);
    const base = { id: firstId + index, at: new Date(at).toISOString(), watch, pid: 4000 + index, incident: null };
    if (index % 3 > 0) {
      const level = index % 3 === 1 ? 'act' : 'warn';
      const limit = level === 'act' ? 80 : 60;
      return {
        ...base,
        type: 'limit_exceeded',
        severity: level === 'act' ? 'high' : 'warning',
        message: `${watch} exceeds its CPU ${level === 'act' ? 'limit' : 'warning'}: ${value} % > ${limit} % of one core`,
        data: {
          ...{
            metric: 'cpu',
            level,
            value,
            limit,
            unit: '% of one core',
            scope: 'tree',
            observed: false,
            violations: 3,
          },
          ...{ action: level === 'act' ? 'restart' : 'notify', values: [71, 84, 66, 91, value] },
        },
      };
    }
    const anomaly =
      (['cpu_spike', 'memory_leak', 'zombie', 'fork_bomb'] as const)[Math.floor(random() * 4)] ?? 'zombie';
    const samples = Array.from({ length: 20 }, (_, step) => ({ at: at - (20 - step) * 5000, value: 20 + step * 3 }));
    return {
      ...base,
      type: 'anomaly_detected',
      severity: anomaly === 'fork_bomb' ? 'critical' : anomaly === 'memory_leak' ? 'high' : 'warning',
      message: `${watch}: ${anomaly.replaceAll('_', ' ')}`,
      data: {
        ...{ anomaly, action: anomaly === 'memory_leak' ? 'restart' : 'notify', observed: false },
        evidence: {
          ...{ rule: 'robust', threshold: 'above 60 for 30 s', windowSeconds: 100, unit: '% of one core', samples },
          numbers: { threshold: 60 },
        },
      },
    };
  });
}

/** One event of each type that reports a decision, the newest at `now`. */
export function decidingEvents(firstId: number, now: number): HealdeckEvent[] {
  const events: HealdeckEvent[] = [];
  const add = <T extends EventType>(
    type: T,
    severity: Severity,
    watch: string | null,
    message: string,
    data: EventData[T],
  ) => {
    const id = firstId + events.length;
    events.push({ id, at: '', type, severity, watch, pid: null, incident: null, message, data } as HealdeckEvent);
  };
  const rising = Array.from({ length: 24 }, (_, index) => ({
    at: now - (24 - index) * 60_000,
    value: 210e6 + index * 11e6 + (index % 3) * 3e6,
  }));
  const untilAt = new Date(now + 94_000).toISOString();
  add('gap', 'warning', null, 'Nobody watched for 32 s', { seconds: 32, clockJumpSeconds: -3600 });
  add('limit_exceeded', 'high', 'web', 'web exceeds its CPU limit: 97 % > 80 % of one core', {
    metric: 'cpu',
    level: 'act',
    value: 97,
    limit: 80,
    unit: '% of one core',
    scope: 'tree',
    action: 'restart',
    observed: false,
    violations: 3,
    values: [41, 92, 74, 88, 97],
  });
  add('limit_exceeded', 'warning', 'web', 'web uses much memory: 412 MB > 400 MB', {
    metric: 'memory',
    level: 'warn',
    value: 412e6,
    limit: 400e6,
    unit: 'bytes',
    scope: 'process',
    action: 'notify',
    observed: false,
    violations: 3,
    values: [380e6, 398e6, 405e6, 409e6, 412e6],
  });
  add('anomaly_detected', 'high', 'search', 'search: its memory grows steadily', {
    anomaly: 'memory_leak',
    action: 'restart',
    observed: true,
    evidence: {
      rule: 'trend',
      threshold: 'the lowest readings of 8 epochs of 3 min: growth of at least 80 MB, and the limit within 24 h',
      windowSeconds: 1440,
      samples: rising,
      unit: 'bytes',
      numbers: { threshold: 290e6, slopeBytes: 11e6, warmUpMs: 60_000 },
    },
  });
  add('suspended', 'high', 'encoder', 'encoder is suspended (pid 4711)', {
    reason: 'CPU usage was above 300 % of one core',
    pids: [4711, 4712],
  });
  add('priority_lowered', 'info', 'worker-1', 'worker-1 runs at a lower priority', {
    reason: 'CPU usage was above 100 % of one core',
    pids: [4720],
  });
  add('healing_paused', 'critical', null, 'Healing is paused for 5 min: 21 restarts within 1 min', {
    restarts: 21,
    windowSeconds: 60,
    untilAt,
  });
  add('healing_resumed', 'info', null, 'Healing resumed', { actor: 'window' });
  add('cooldown_extended', 'info', 'crawler', 'crawler: its cooldown was extended by 10 min', {
    actor: 'cli',
    byMs: 600_000,
    untilAt,
  });
  add('cooldown_reset', 'info', 'crawler', 'crawler: its cooldown was reset', {
    actor: 'window',
    remainingMs: 31_000,
  });
  add('cooldown_ended', 'info', 'crawler', 'crawler may be restarted again', { durationMs: 120_000 });
  add('anomaly_detected', 'critical', 'crawler', 'crawler goes down again and again: 5 restarts within 1 min', {
    anomaly: 'rapid_crashes',
    action: 'cooldown',
    observed: false,
    evidence: {
      rule: 'restart_budget',
      threshold: '5 restarts in 1 min',
      windowSeconds: 60,
      samples: [],
      unit: 'restarts',
      numbers: { restarts: 5, commonExit: 'exit code 1' },
    },
  });
  const cause = { watch: 'web', incident: events.find(({ watch }) => watch === 'web')?.id ?? 0 };
  const led = {
    watch: 'encoder',
    incident: events.find(({ watch }) => watch === 'encoder')?.id ?? 0,
    how: 'incident' as const,
  };
  add(
    'incident_attributed',
    'info',
    'encoder',
    `encoder: its incident is attributed to web (incident ${cause.incident})`,
    {
      cause,
    },
  );
  add('dependant_affected', 'info', 'web', `encoder is affected, too (incident ${led.incident})`, led);
  add('dependant_affected', 'info', 'web', 'worker-1 is restarted, too', {
    watch: 'worker-1',
    incident: null,
    how: 'restarted',
  });
  add(
    'cooldown_started',
    'critical',
    'metrics',
    `metrics is not restarted for 2 min: ${earlyReasonText({ sameCrash: SAME })}`,
    {
      ...{ restarts: 2, windowSeconds: 60, durationMs: 120_000, untilAt: new Date(now + 100_000).toISOString() },
      ...{ commonExit: 'exit code 1', sameCrash: SAME },
    },
  );
  add('cooldown_started', 'critical', 'crawler', 'crawler is not restarted for 2 min: 5 restarts within 1 min', {
    restarts: 5,
    windowSeconds: 60,
    durationMs: 120_000,
    untilAt,
    commonExit: 'exit code 1',
  });
  // What is reported of one watch is one story.
  const firstOf = (watch: string): number => events.find((event) => event.watch === watch)?.id ?? 0;
  return events.map((event, index) => ({
    ...event,
    incident: event.watch === null ? null : firstOf(event.watch),
    at: new Date(now - (events.length - 1 - index) * 4000 - 2000).toISOString(),
  }));
}
