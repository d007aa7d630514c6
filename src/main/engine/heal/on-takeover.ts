import { assertNever } from '../../../shared/lib/assert-never';
import type { HealContext, HealMachine, Story, Takeover, Transition } from '../heal-state';
import { adoptedReport } from './heal-reports';
import { onStart } from './on-operator';
import { stay, tell } from './steps';

/** This engine has taken a watch over from an earlier one, or has it for the first time. */
export function onTakenOver(machine: HealMachine, takeover: Takeover, context: HealContext): Transition {
  const sinceMs = context.nowMs;
  switch (takeover.kind) {
    case 'adopt':
      return onAdopted(machine, takeover, context);
    case 'died_meanwhile':
      // It runs as far as anybody knew; its death is told next.
      return { ...machine, state: { phase: 'running', sinceMs, processes: takeover.gone, story: null }, effects: [] };
    case 'cool_down': {
      const story = takeover.inIncident ? inheritedStory(machine, context) : null;
      return { ...machine, state: { phase: 'cooldown', sinceMs, story }, effects: [] };
    }
    case 'start':
      return onStart(machine, { actor: 'engine', strays: takeover.strays }, context);
    case 'leave_alone':
      return { ...machine, state: { phase: 'failed', sinceMs, why: takeover.why, processes: [] }, effects: [] };
    case 'wait':
      return { ...machine, state: { phase: 'waiting', sinceMs, story: null }, effects: [] };
    case 'stay_stopped':
      return { ...machine, state: { phase: 'stopped', sinceMs, because: takeover.because }, effects: [] };
    case 'rest':
      return stay(machine);
    default:
      return assertNever(takeover);
  }
}

function onAdopted(
  machine: HealMachine,
  { processes, gone, inIncident, suspended }: Takeover & { kind: 'adopt' },
  context: HealContext,
): Transition {
  const sinceMs = context.nowMs;
  // A heal that the earlier engine could not verify any more is verified by this one, so that its story ends.
  const story = inIncident ? inheritedStory(machine, context) : null;
  const effects = processes.map((process) => tell(adoptedReport(process, context.watch, context.nowMs), 'none'));
  if (suspended) {
    // It stands still until the operator decides, whoever looks at it.
    const why = 'an earlier engine suspended it';
    return { ...machine, state: { phase: 'suspended', sinceMs, processes, why, story }, effects };
  }
  return { ...machine, state: { phase: 'running', sinceMs, processes: [...processes, ...gone], story }, effects };
}

/** The story that an earlier engine had begun, as far as it is known. */
function inheritedStory({ ledger }: HealMachine, { nowMs }: HealContext): Story {
  return { openedAtMs: nowMs, downSinceMs: nowMs, oldPid: null, attempts: ledger.consecutive };
}
