import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../engine/ports';

const TOKEN_BYTES = 32;
const LIFETIME_MS = 12 * 3_600_000;
/** Asking for one more forgets the oldest: nobody can fill the memory by asking. */
const MAX_OUTSTANDING = 32;

/** Random tokens that open the dashboard once each. Only their hashes are kept. */
export class OneTimeTokens {
  /** Hash → monotonic time in ms at which it ends; oldest first. */
  private readonly outstanding = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  issue(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.outstanding.set(hash(token), this.clock.monotonicMs() + LIFETIME_MS);
    for (const oldest of this.outstanding.keys()) {
      if (this.outstanding.size <= MAX_OUTSTANDING) break;
      this.outstanding.delete(oldest);
    }
    return token;
  }

  /** True once for each token, within 12 hours. */
  redeem(token: string): boolean {
    // Looked up by hash: how long that takes says nothing about the token.
    const key = hash(token);
    const endsAt = this.outstanding.get(key);
    this.outstanding.delete(key);
    return endsAt !== undefined && this.clock.monotonicMs() < endsAt;
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
