import type { AlertsStatus } from '../../shared/model/alert';
import { Refusal } from '../engine/refusal';

/** Placeholder for the composition of rules, outbox and channels. */
export function createAlerts() {
  const status: AlertsStatus = {
    channels: [],
    waiting: 0,
    failed: 0,
    held: 0,
    mutes: [],
    quietUntil: null,
    warnings: [],
    fromEnvironment: [],
  };
  const refuse = (): never => {
    throw new Refusal('invalid', 'not built yet');
  };
  return {
    status: () => status,
    subscribe: () => () => {},
    list: () => [],
    retry: refuse,
    drop: refuse,
    test: async () => refuse(),
    check: async () => refuse(),
    preview: async () => refuse(),
    templates: refuse,
    acknowledge: async () => refuse(),
    snooze: refuse,
    unmute: refuse,
  };
}
