// A program that needs another one, and ends with status 1 as soon as that is not ready.
//   node demo/needs.mjs 8081 [--every 500] [--max-seconds 600]
// Asks http://127.0.0.1:PORT/ready, as answers.mjs serves it.
import { get } from 'node:http';
import { endAfterMaxSeconds, numberOption } from './lifetime.mjs';

const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  process.stderr.write('usage: node demo/needs.mjs PORT   (1 to 65535)\n');
  process.exit(2);
}
const everyMs = numberOption('every', 500);

function giveUp(reason) {
  process.stderr.write(`what it needs at 127.0.0.1:${port} is not there: ${reason}\n`);
  process.exit(1);
}

function ask() {
  const request = get({ host: '127.0.0.1', port, path: '/ready', timeout: 2000 }, (response) => {
    response.resume();
    if (response.statusCode !== 200) giveUp(`status ${response.statusCode}`);
    setTimeout(ask, everyMs);
  });
  request.once('timeout', () => giveUp('no answer'));
  request.once('error', (error) => giveUp(error.message));
}

ask();
process.on('SIGTERM', () => process.exit(0));
endAfterMaxSeconds(600);
