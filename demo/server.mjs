// A small web server on loopback: every answer names its pid, so that a restart shows.
//   node demo/server.mjs 8080 [--max-seconds 86400]
// GET /        pid 4711, up 12 s
// GET /crash   ends it with status 1, after the answer
import { createServer } from 'node:http';
import { endAfterMaxSeconds } from './lifetime.mjs';

const port = Number(process.argv[2] ?? 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write('usage: node demo/server.mjs PORT   (0 to 65535; 0 takes a free one)\n');
  process.exit(2);
}

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Connection', 'close');
  response.end(`pid ${process.pid}, up ${Math.round(process.uptime())} s\n`);
  if (request.url === '/crash') response.once('finish', () => process.exit(1));
});
server.once('error', (error) => {
  process.stderr.write(`can't listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/ with pid ${process.pid}\n`);
});
process.on('SIGTERM', () => process.exit(0));
endAfterMaxSeconds(86_400);
