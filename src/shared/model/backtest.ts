/** A limit that would have been exceeded. */
export interface BacktestHit {
  at: number;
  metric: 'cpu' | 'memory' | 'disk_read' | 'disk_write';
  level: 'warn' | 'act';
  /** % of one core, bytes, or bytes per second. */
  value: number;
  limit: number;
  /** What would have been done. */
  action: string;
}

/** The unit of the values of a hit, by the names that events use for units. */
export const BACKTEST_UNITS: Readonly<Record<BacktestHit['metric'], string>> = {
  cpu: '%',
  memory: 'bytes',
  disk_read: 'bytes/s',
  disk_write: 'bytes/s',
};

/** What limits would have done in the past. */
export interface Backtest {
  /** The first and the last reading that was judged; nulls for none. */
  from: number | null;
  to: number | null;
  readings: number;
  /** Those of them that have rates of reading and writing: they are recorded only while one of their limits is set. */
  diskReadings: number;
  hits: readonly BacktestHit[];
  /**
   * What the readings count: the processes of the watch together, alone or with their trees, as its limits count now. Where the limits
   * that are tried count otherwise, did so in the past, or count each of several processes alone, it is near to the truth, not equal.
   */
  readingsOf: 'process' | 'tree';
  /** What the limits count. */
  limitsOf: 'process' | 'tree';
}
