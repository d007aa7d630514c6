// Prints the pid of a watch's first process:  npx healdeck status --json | node demo/pid-of.mjs NAME
import { text } from 'node:stream/consumers';

const [name] = process.argv.slice(2);
const { watches } = JSON.parse(await text(process.stdin));
const pid = watches.find(({ watch }) => watch.name === name)?.processes[0]?.pid;
if (pid === undefined) {
  process.stderr.write(`no process of "${name}" is running\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${pid}\n`);
}
