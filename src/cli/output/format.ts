const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people: `512 B`, `12.3 MB`; 1 MB is 1,000,000 bytes. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Per cent of one core: `12.5 %`. */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(1)} %`;
}
