import { version } from '../../package.json';
import { processIo } from './io';
import { runCli } from './program';

// Before anything reads processes: the pattern of `add --match cmdline` stands in this very command line, and must not find it.
process.title = 'healdeck';

// `healdeck ps | head`: when the reader has seen enough, that is a quiet end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runCli(process.argv.slice(2), processIo(), version).then((exitCode) => {
  // A pipe takes what was written at its own pace; the process ends once it has.
  process.stdout.write('', () => process.exit(exitCode));
});
