import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../engine/ports';

const TOKEN_BYTES = 32;
/** How long a token works, in ms. */
export const TOKEN_LIFETIME_MS = 60_000;
/** Asking for one more forgets the oldest: nobody can fill the memory by asking. */
const MAX_OUTSTANDING = 32;

/** Random tokens that open the dashboard once each, within a minute. Only their hashes are kept. */
export class OneTimeTokens {
  /** Hash → monotonic time in ms at which it ends; oldest first. */
  private readonly outstanding = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  issue(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.outstanding.set(hash(token), this.clock.monotonicMs() + TOKEN_LIFETIME_MS);
    for (const oldest of this.outstanding.keys()) {
      if (this.outstanding.size <= MAX_OUTSTANDING) break;
      this.outstanding.delete(oldest);
    }
    return token;
  }

  /** Whether the token would be redeemed now. */
  isValid(token: string): boolean {
    // Looked up by hash: how long that takes says nothing about the token.
    const endsAt = this.outstanding.get(hash(token));
    return endsAt !== undefined && this.clock.monotonicMs() < endsAt;
  }

  /** True once for each token, within its lifetime. */
  redeem(token: string): boolean {
    const isValid = this.isValid(token);
    this.outstanding.delete(hash(token));
    return isValid;
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
