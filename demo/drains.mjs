// A web server on loopback that ends without losing a request: at SIGTERM it is not ready any more, goes on answering while who asks
// it finds that out, then closes.
//   node demo/drains.mjs 8001 [--ready-after MS] [--work MS] [--drain 1000] [--max-seconds 600]
// GET /ready    503 until --ready-after ms after its start and from SIGTERM on, else 200
// GET /         its pid, after --work ms
import { createServer } from 'node:http';
import { afterStart, endAfterMaxSeconds, numberOption } from './lifetime.mjs';

const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write('usage: node demo/drains.mjs PORT   (0 to 65535; 0 takes a free one)\n');
  process.exit(2);
}
const workMs = numberOption('work', 0);
const drainMs = numberOption('drain', 1000);
let isReady = false;
let isDraining = false;

const server = createServer((request, response) => {
  const answer = (status, text) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end(`${text}\n`);
  };
  if (request.url !== '/ready') return void setTimeout(answer, workMs, 200, String(process.pid));
  if (isDraining) return answer(503, 'draining');
  return isReady ? answer(200, 'ready') : answer(503, 'still starting');
});
server.once('error', (error) => {
  process.stderr.write(`can't listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/ with pid ${process.pid}\n`);
});
afterStart(numberOption('ready-after', 0), () => (isReady = true));
process.on('SIGTERM', () => {
  isDraining = true;
  setTimeout(() => server.close(() => process.exit(0)), drainMs);
});
endAfterMaxSeconds(600);
