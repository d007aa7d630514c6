/**
 * How many messages somebody has had. A token bucket that holds half of what an hour allows, kept as the one number that
 * determines it: when it would be full again. A value: each function returns a new one. Monotonic ms.
 */
export interface AlertThrottle {
  fullAtMs: number;
}

export const FULL_THROTTLE: AlertThrottle = { fullAtMs: -Infinity };

const HOUR_MS = 3_600_000;

/**
 * How many may follow each other at once, and after how long there is one more. Any 60 minutes, both ends included, hold
 * at most the burst and what comes back in them: `burst + floor(HOUR_MS / intervalMs)`, which is `perHour`.
 */
function measure(perHour: number): { burst: number; intervalMs: number } {
  const burst = Math.ceil(perHour / 2);
  return { burst, intervalMs: Math.ceil((HOUR_MS + 1) / (perHour - burst + 1)) };
}

/** Messages that may be sent at this moment. `perHour` is at least 1. */
export function tokensAt({ fullAtMs }: AlertThrottle, nowMs: number, perHour: number): number {
  const { burst, intervalMs } = measure(perHour);
  const missing = Math.ceil(Math.max(0, fullAtMs - nowMs) / intervalMs);
  return Math.max(0, burst - missing);
}

/** One message was sent, also when there was no token for it. */
export function spendToken(throttle: AlertThrottle, nowMs: number, perHour: number): AlertThrottle {
  return { fullAtMs: Math.max(throttle.fullAtMs, nowMs) + measure(perHour).intervalMs };
}

/** The earliest moment at which `tokens` are there; infinite when the bucket never holds as many. */
export function tokensDueMs({ fullAtMs }: AlertThrottle, tokens: number, perHour: number): number {
  const { burst, intervalMs } = measure(perHour);
  return tokens > burst ? Infinity : fullAtMs - (burst - tokens) * intervalMs;
}
