import type { FloorWindow } from './floor-window';

/** Floors that rise as a leak does, whatever is known beside them. */
export interface Growth {
  /** Floors that it spans, the newest one included. */
  run: number;
  /** Bytes per epoch. */
  slope: number;
  /** Kendall's tau of the floors. */
  tau: number;
  /** From the first to the newest floor. */
  grownBytes: number;
  /** The least growth that counts here, in bytes. */
  wantedBytes: number;
  /** A young process that has grown ever since its birth: it may be filling its caches. */
  sinceBirth: boolean;
}

/** What a lane looks for, and what else it asks of what it found. */
export interface GrowthSearch {
  /** The name and the rule in words, for the evidence: what the floors must show. */
  words: (growth: Growth, epochMs: number) => string;
  horizonMs: number;
  fallbackLimitBytes: number;
  confirmations: number;
  highMargin: number | null;
  /** Growth since birth counts only where the limit is reached within this time. */
  urgentMs: number;
  /** At the end of an epoch; null for none. */
  find: (floors: FloorWindow, uptimeMs: number) => Growth | null;
}
