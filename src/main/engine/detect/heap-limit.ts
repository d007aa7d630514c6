const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const NODE_UNIT = 1024 ** 2;

/**
 * How large the heap may grow by what stands in a command line, in bytes: `-Xmx512m` and `-XX:MaxHeapSize=…` of a JVM,
 * `--max-old-space-size=…` of Node in MiB. The last one counts, as it does for both; null where there is none.
 */
export function heapLimitOf(argv: readonly string[]): number | null {
  let limit: number | null = null;
  for (let at = 1; at < argv.length; at++) {
    const argument = argv[at] as string;
    // What follows belongs to the program that the runtime runs.
    if (argument === '--' || argument === '-jar') break;
    limit = jvmLimit(argument) ?? nodeLimit(argument, argv[at + 1]) ?? limit;
  }
  return limit;
}

function jvmLimit(argument: string): number | null {
  const [, count, unit] = /^-(?:Xmx|XX:MaxHeapSize=)(\d+)([kmgt]?)$/i.exec(argument) ?? [];
  return positive(Number(count) * (UNITS[(unit ?? '').toLowerCase()] ?? Number.NaN));
}

function nodeLimit(argument: string, next: string | undefined): number | null {
  const [, given] = /^--max[-_]old[-_]space[-_]size(?:=(\d+))?$/.exec(argument) ?? [null];
  if (given === null) return null;
  return positive(Number(given ?? next) * NODE_UNIT);
}

function positive(bytes: number): number | null {
  return bytes > 0 && Number.isFinite(bytes) ? bytes : null;
}
