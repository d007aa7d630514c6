import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import type { HealPolicy } from './heal-state';
import { jitterFactor } from './backoff';
import type { BudgetPolicy, BudgetWindow } from './restart-budget';

/** The part of a watch and its settings that its state machine decides by; `random` is from 0 to 1, and 0.5 is no jitter. */
export function healPolicyOf({ probes }: Pick<Watch, 'probes'>, settings: Settings, random: number): HealPolicy {
  const jitter = jitterFactor(settings['restart.jitterPercent'], random);
  return {
    observe: settings.observe,
    othersMs: settings['start.othersMs'],
    appearMs: settings['start.appearMs'],
    verifyMs: settings['heal.verifyMs'],
    flappingMs: settings['heal.flappingMs'],
    healthyMs: settings['heal.healthyMs'],
    giveUpAfter: settings['heal.giveUpAfter'],
    probed: probedBy(probes),
    startGraceMs: settings['start.graceMs'],
    sameCrashLimit: settings['restart.sameCrashLimit'],
    delays: settings['restart.delays'],
    jitter,
    budget: budgetPolicyOf(settings, jitter),
    stableMs: settings['cooldown.stableMs'],
  };
}

/** What the probes of a watch decide. */
export function probedBy(probes: Watch['probes']): HealPolicy['probed'] {
  return {
    ready: probes.some(({ role }) => role !== 'liveness'),
    live: probes.some(({ role }) => role === 'liveness'),
  };
}

/** How many automatic restarts are allowed in which time. */
export function budgetWindowsOf(settings: Settings): readonly BudgetWindow[] {
  const windows: BudgetWindow[] = [{ restarts: settings['restart.limit'], windowMs: settings['restart.windowMs'] }];
  const medium = settings['restart.mediumLimit'];
  if (medium !== null) windows.push({ restarts: medium, windowMs: settings['restart.mediumWindowMs'] });
  const long = settings['restart.longLimit'];
  if (long !== null) windows.push({ restarts: long, windowMs: settings['restart.longWindowMs'] });
  return windows;
}

function budgetPolicyOf(settings: Settings, jitter: number): BudgetPolicy {
  return {
    windows: budgetWindowsOf(settings),
    cooldownMs: settings['cooldown.durationMs'],
    growth: settings['cooldown.growth'],
    maxCooldownMs: settings['cooldown.maxMs'],
    jitter,
  };
}
