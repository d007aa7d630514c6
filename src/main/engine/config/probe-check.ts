import { maskArgv } from '../../../shared/lib/process/mask-argv';
import type { Probe } from '../../../shared/model/probe';
import { startCommandOf, type WatchSpec } from '../../../shared/model/watch';
import { compileExpression } from '../expression';
import { Refusal } from '../refusal';

/**
 * Refuses probes that can't be asked, or would show a secret wherever the watch is shown. `words`: further names of secrets.
 * @throws Refusal `invalid`, with what was expected
 */
export function checkProbes({ target, probes }: Pick<WatchSpec, 'target' | 'probes'>, words: readonly string[]): void {
  for (const probe of probes) {
    if (needsStart(probe) && startCommandOf(target) === null) throw refusal(probe, 'a start command');
    checkExpressions(probe);
    checkSecrets(probe, words);
  }
}

/** Healdeck knows the output and the reports of what it has started, and a command runs as its user in its directory. */
function needsStart({ check: { kind } }: Probe): boolean {
  return kind === 'command' || kind === 'log' || kind === 'silence' || kind === 'notify';
}

function checkExpressions({ check }: Probe): void {
  if (check.kind === 'log') compileExpression(check.pattern);
  if (check.kind === 'http' && check.body !== null) compileExpression(check.body);
}

function checkSecrets(probe: Probe, words: readonly string[]): void {
  const { check } = probe;
  const shown = check.kind === 'http' ? [check.url] : check.kind === 'command' ? check.argv : [];
  const hidden = maskArgv(shown, words).find((word, at) => word !== shown[at]);
  if (hidden === undefined) return;
  const door = check.kind === 'http' ? 'send it as a header from a secret' : 'give it to the watch as a variable';
  throw new Refusal('invalid', `Expected no secret in probe ${probe.name}, got "${hidden}": ${door}`);
}

function refusal({ name, check }: Probe, expected: string): Refusal {
  return new Refusal('invalid', `Expected ${expected} for probe ${name}: a ${check.kind} probe needs one`);
}
