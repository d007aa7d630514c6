// Shared by the tiers: db, api and web. A place is a port of loopback or the path of a unix socket.
import { lstatSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { endAfterMaxSeconds } from '../lifetime.mjs';

const UPSTREAM_TIMEOUT_MS = 5000;

/** The place in the arguments, or the end of this program with its usage. */
export function placeOf(argument, usage) {
  const port = Number(argument);
  if (argument?.startsWith('/')) return { socketPath: argument };
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { host: '127.0.0.1', port };
  process.stderr.write(`usage: ${usage}   (PORT: 1 to 65535, or the absolute path of a unix socket)\n`);
  process.exit(2);
}

/** Serves at a place: each connection ends with its answer. `answer` resolves to `{ status, text }`; null: never answered. */
export function serve(place, answer) {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader('Content-Type', 'text/plain; charset=utf-8');
    outgoing.setHeader('Connection', 'close');
    void answer(incoming).then((answered) => {
      if (answered === null) return;
      outgoing.statusCode = answered.status;
      outgoing.end(`${answered.text}\n`);
    });
  });
  server.once('error', (error) => {
    process.stderr.write(`can't listen: ${error.message}\n`);
    process.exit(1);
  });
  const { socketPath, port, host } = place;
  // One that was killed has left its socket.
  if (socketPath !== undefined && lstatSync(socketPath, { throwIfNoEntry: false })?.isSocket()) rmSync(socketPath);
  server.listen(socketPath === undefined ? { port, host } : { path: socketPath }, () => {
    process.stdout.write(`listening on ${socketPath ?? `http://${host}:${port}/`} with pid ${process.pid}\n`);
  });
  process.on('SIGTERM', () => process.exit(0));
  endAfterMaxSeconds(86_400);
}

/** Asks another tier, over a connection of its own; what goes wrong is an answer with status 502. */
export function ask(place, path) {
  return new Promise((resolve) => {
    const fail = (error) => resolve({ status: 502, text: `the upstream failed: ${error.message}` });
    const asked = request({ ...place, path, agent: false, timeout: UPSTREAM_TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text: text.trim() }));
      response.on('error', fail);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', fail);
    asked.end();
  });
}
