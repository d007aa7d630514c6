import { createSystemClock } from '../clock';
import { createProcfsTable } from '../processes/procfs';
import { ReaderThread } from '../processes/procfs/reader-thread';

/** Scans by a thread once; then ends as a shell does (`dispose`), at once (`exit`), or as a program that has nothing left to do. */
async function main(file: string, ending: string | undefined): Promise<void> {
  const clock = createSystemClock();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const reader = new ReaderThread({ file, clock, report: (_, error) => say(String(error)) });
  const table = createProcfsTable({ clock, reader });
  say(`seen ${(await table.scan()).samples.length}`);
  if (ending === 'exit') process.exit(0);
  table.dispose();
  if (ending !== 'dispose') return;
  await reader.dispose(say);
  process.exit(0);
}

void main(process.argv[2] ?? '', process.argv[3]);
