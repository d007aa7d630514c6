import type { AnomalyKind } from '../../../../shared/findings';
import { descriptorLeakRule, threadLeakRule } from './count-leak';
import { cpuSpikeRule } from './cpu-spike';
import { forkBombRule } from './fork-bomb';
import { memoryLeakRule } from './memory-leak';
import type { AnomalyRuleDefinition } from './rule';
import { stallRule } from './stall';
import { zombieRule } from './zombie';

/** Restarts show it and no reading: the state machine finds it (heal/steps.ts). */
type FoundOtherwise = 'rapid_crashes';

const RULE_OF = {
  fork_bomb: forkBombRule,
  zombie: zombieRule,
  memory_leak: memoryLeakRule,
  descriptor_leak: descriptorLeakRule,
  thread_leak: threadLeakRule,
  cpu_spike: cpuSpikeRule,
  stall: stallRule,
} satisfies Record<Exclude<AnomalyKind, FoundOtherwise>, AnomalyRuleDefinition>;

/** All rules that search for anomalies in readings, in the order in which they are asked. */
export const RULES: readonly AnomalyRuleDefinition[] = Object.values(RULE_OF);
