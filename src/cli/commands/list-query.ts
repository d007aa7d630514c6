import type { Command } from 'commander';
import { momentOf, parseLimit } from './events';

/** What is asked of incidents, anomalies and crashes: since when, of which watch, how many. */
export interface QueryOptions {
  since?: string;
  watch?: string;
  limit: number;
  json?: boolean;
}

/** Adds the options that `queryOf` reads; `what` stands in their help. */
export function addQueryOptions(command: Command, what: string, limit: number): Command {
  return command
    .option('--since <when>', `only ${what} after this: 1h, 30min, or a time such as 2026-01-31T12:00:00Z`)
    .option('--watch <name>', 'only of this watch')
    .option('--limit <n>', 'how many of the newest to show', parseLimit(1000), limit);
}

/** The same for the engine. */
export function queryOf({ since, watch, limit }: QueryOptions, now: number) {
  return {
    limit,
    ...(watch !== undefined && { watch }),
    ...(since !== undefined && { sinceAt: momentOf('--since', since, now) }),
  };
}
