import { RE2JS } from 're2js';
import { Refusal } from './refusal';

/**
 * An expression of the operator. RE2 syntax: its running time is linear, so no pattern can hold the engine up.
 * @throws Refusal `invalid` when it is none
 */
export function compileExpression(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new Refusal(
      'invalid',
      `Expected a regular expression in RE2 syntax (no look-around, no back-references), got one with ${reason}`,
    );
  }
}
