export interface CrashFingerprint {
  id: string;
  title: string;
  frames: readonly string[];
  source: string;
}
export function crashFingerprint({
  stderrTail,
  exitCode,
  signal,
  program,
}: {
  stderrTail: readonly string[];
  exitCode: number | null;
  signal: string | null;
  program: string;
}): CrashFingerprint {
  const line = stderrTail.findLast((one) => one.trim() !== '');
  return {
    id: `${program}${line ?? signal ?? exitCode}`,
    title: line ?? 'exit',
    frames: [],
    source: line === undefined ? 'exit' : 'message',
  };
}
