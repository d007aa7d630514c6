import type { Settings } from '../../../shared/model/settings';
import type { HealPolicy } from '../heal-state';
import type { BudgetPolicy, BudgetWindow } from './restart-budget';

/** The part of the settings that the state machine of a watch decides by. */
export function healPolicyOf(settings: Settings): HealPolicy {
  return {
    observe: settings.observe,
    verifyMs: settings['heal.verifyMs'],
    healthyMs: settings['heal.healthyMs'],
    giveUpAfter: settings['heal.giveUpAfter'],
    delays: settings['restart.delays'],
    budget: budgetPolicyOf(settings),
    stableMs: settings['cooldown.stableMs'],
  };
}

function budgetPolicyOf(settings: Settings): BudgetPolicy {
  const windows: BudgetWindow[] = [{ restarts: settings['restart.limit'], windowMs: settings['restart.windowMs'] }];
  const medium = settings['restart.mediumLimit'];
  if (medium !== null) windows.push({ restarts: medium, windowMs: settings['restart.mediumWindowMs'] });
  const long = settings['restart.longLimit'];
  if (long !== null) windows.push({ restarts: long, windowMs: settings['restart.longWindowMs'] });
  return {
    windows,
    cooldownMs: settings['cooldown.durationMs'],
    growth: settings['cooldown.growth'],
    maxCooldownMs: settings['cooldown.maxMs'],
  };
}
