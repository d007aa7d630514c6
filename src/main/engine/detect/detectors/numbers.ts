/** Bytes for a sentence: `1.5 GB`, `62.3 MB`, `512 KB`; decimal, as limits are given. */
export function bytesText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (size >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e3).toFixed(0)} KB`;
}

/** A percentage of a core for a sentence. */
export function percentText(percent: number): string {
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
