// Shared by the demo programs: none of them outlives its purpose.

/** The value of `--name VALUE` on the command line, or the default; a bare `--name` is true. */
export function option(name, fallback) {
  const index = process.argv.indexOf(`--${name}`);
  if (index === -1) return fallback;
  const value = process.argv[index + 1];
  return value === undefined || value.startsWith('--') ? true : value;
}

/** A whole number from the command line; anything else ends the program with status 2 and what was expected. */
export function numberOption(name, fallback) {
  const value = Number(option(name, fallback));
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name}: expected a whole number, got ${JSON.stringify(option(name, fallback))}\n`);
  process.exit(2);
}

/** Ends this program after `--max-seconds` (or the default), whatever it ignores; returns that number. */
export function endAfterMaxSeconds(defaultSeconds = 600) {
  const seconds = numberOption('max-seconds', defaultSeconds);
  setTimeout(() => process.exit(0), seconds * 1000);
  return seconds;
}

/** Runs `act` so many ms after the start of this process, however long it took to get here. */
export function afterStart(ms, act) {
  setTimeout(act, Math.max(0, ms - performance.now()));
}
