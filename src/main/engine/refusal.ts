/** Why an operation was refused; the API maps each to an error code of its own. */
export type RefusalCode = 'invalid' | 'not_found' | 'conflict' | 'protected';

/** An expected failure of an operator's request: nothing was changed, and the message says what was expected. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}
