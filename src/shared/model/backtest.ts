/** A limit that would have been exceeded. */
export interface BacktestHit {
  at: number;
  metric: 'cpu' | 'memory';
  level: 'warn' | 'act';
  /** % of one core, or bytes. */
  value: number;
  limit: number;
  /** What would have been done. */
  action: string;
}

/** What limits would have done in the past. */
export interface Backtest {
  /** The first and the last reading that was judged; nulls for none. */
  from: number | null;
  to: number | null;
  readings: number;
  hits: readonly BacktestHit[];
  /**
   * What the readings count: the processes of the watch together, without their descendants. Where the limit counts
   * something else (`limits.scope`, or each of several processes alone), the past is near to it, not equal.
   */
  readingsOf: 'processes_without_descendants';
  /** What the limits count. */
  limitsOf: 'process' | 'tree';
}
