// A web server on loopback whose answers are switched while it runs.
//   node demo/answers.mjs 8080 [--mode ok] [--ready-after MS] [--mode-after MS --then hang] [--exit-after MS] [--max-seconds 600]
// --exit-after: it ends with status 1 then
// GET /health   ok: 200; 500: 500, with the Authorization header in the body, as careless servers do; every-other: 200 and 500 in turn;
//               hang: accepts, and never answers
// GET /ready    503 until --ready-after ms after its start, then 200
// GET /seen     the Authorization header of the last GET /health, as its length only
// POST /mode    switches: the body is ok, 500, every-other or hang
import { createServer } from 'node:http';
import { afterStart, endAfterMaxSeconds, numberOption, option } from './lifetime.mjs';

const MODES = ['ok', '500', 'every-other', 'hang'];
const port = Number(process.argv[2]);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write('usage: node demo/answers.mjs PORT   (0 to 65535; 0 takes a free one)\n');
  process.exit(2);
}
const readyAfterMs = numberOption('ready-after', 0);
let mode = option('mode', 'ok');
let isReady = false;
let asked = 0;
let secretLength = 0;

const server = createServer((request, response) => {
  const answer = (status, text) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end(`${text}\n`);
  };
  if (request.method === 'POST' && request.url === '/mode') {
    let body = '';
    request.on('data', (chunk) => (body = (body + chunk).slice(0, 100)));
    request.on('end', () => {
      if (!MODES.includes(body.trim())) return answer(400, `expected one of ${MODES.join(', ')}`);
      mode = body.trim();
      answer(200, mode);
    });
    return;
  }
  if (request.url === '/ready') return isReady ? answer(200, 'ready') : answer(503, 'still starting');
  if (request.url === '/seen') return answer(200, String(secretLength));
  if (request.url !== '/health') return answer(404, 'not here');
  secretLength = (request.headers.authorization ?? '').length;
  if (mode === 'hang') return;
  asked += 1;
  if (mode === '500' || (mode === 'every-other' && asked % 2 === 0))
    answer(500, `broken ${request.headers.authorization ?? ''}`.trim());
  else answer(200, 'fine');
});
server.once('error', (error) => {
  process.stderr.write(`can't listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/ with pid ${process.pid}\n`);
});
afterStart(readyAfterMs, () => (isReady = true));
if (option('then', null) !== null) afterStart(numberOption('mode-after', 0), () => (mode = option('then', 'ok')));
if (option('exit-after', null) !== null) afterStart(numberOption('exit-after', 0), () => process.exit(1));
process.on('SIGTERM', () => process.exit(0));
endAfterMaxSeconds(600);
