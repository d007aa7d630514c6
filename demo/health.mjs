// A small web server on loopback whose health can be switched, to try probes.
//   node demo/health.mjs 8080 [--max-seconds 86400]
// GET /health   pid 4711 ok, with status 200
// POST /mode    the body is the status of /health from now on: 200 or 500
import { createServer } from 'node:http';
import { endAfterMaxSeconds } from './lifetime.mjs';

const port = Number(process.argv[2] ?? 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write('usage: node demo/health.mjs PORT   (0 to 65535; 0 takes a free one)\n');
  process.exit(2);
}

/** More than a status has is not read. */
const MAX_BODY_BYTES = 16;
let status = 200;

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Connection', 'close');
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /health') answer(response, status);
  else if (route === 'POST /mode') switchTo(request, response);
  else answer(response, 404);
});
server.once('error', (error) => {
  process.stderr.write(`can't listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/health with pid ${process.pid}\n`);
});
process.on('SIGTERM', () => process.exit(0));
endAfterMaxSeconds(86_400);

function answer(response, code) {
  response.statusCode = code;
  response.end(`pid ${process.pid} ${code === 200 ? 'ok' : 'not ok'}\n`);
}

function switchTo(request, response) {
  let body = '';
  request.on('data', (chunk) => {
    if (body.length < MAX_BODY_BYTES) body += chunk;
  });
  request.on('end', () => {
    const wanted = Number(body.trim());
    const isKnown = wanted === 200 || wanted === 500;
    if (isKnown) status = wanted;
    answer(response, isKnown ? 200 : 400);
  });
}
