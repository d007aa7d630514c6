import { unknownWatchText } from '../../shared/lib/watch-reference';

/** Why an operation was refused; the API maps each to an error code of its own. */
export type RefusalCode = 'invalid' | 'not_found' | 'conflict' | 'protected';

/** An expected failure of an operator's request: nothing was changed, and the message states what was expected. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    /** Which part of the spec of a watch it is about, as its path; undefined: of no part alone. */
    readonly at?: readonly string[],
  ) {
    super(message);
  }
}

/** Nobody is called so, neither by name nor by id. */
export function unknownWatch(reference: string): Refusal {
  return new Refusal('not_found', unknownWatchText(reference));
}
