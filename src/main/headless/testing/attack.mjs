/**
 * Attacks the port of a dashboard, as whatever user runs it: `node attack.mjs KIND PORT COUNT [COOKIE KEY]`. Prints one JSON value.
 *
 * - `cookie`: one request and one upgrade with somebody else's cookie.
 * - `connections`: opens as many as it can, and leaves those idle that are left to it.
 * - `requests`: writes many requests at once into each of many connections.
 * - `upgrades`: asks for upgrades without a session, and keeps its ends open.
 */
import { get } from 'node:http';
import { connect } from 'node:net';

const [kind, portText, countText, cookie = ''] = process.argv.slice(2);
const port = Number(portText);
const count = Number(countText);
const upgradeText = (more) =>
  `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;

/** One connection that writes a text; resolves to what it was answered first, or to the end. `ended` counts those that were ended. */
let ended = 0;
function attempt(text) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    let answer = '';
    socket.on('connect', () => (text === '' ? resolve('') : socket.write(text)));
    socket.on('data', (chunk) => {
      answer ||= String(chunk).split('\r\n')[0];
      resolve(answer);
    });
    socket.on('error', () => undefined);
    // Its own end stays open: whoever serves it must end it.
    socket.on('end', () => ((ended += 1), resolve(answer)));
    socket.on('close', () => resolve(answer));
  });
}

async function many(text) {
  const answers = {};
  for (let done = 0; done < count; done += 50) {
    const batch = await Promise.all(Array.from({ length: Math.min(50, count - done) }, () => attempt(text)));
    for (const answer of batch) answers[answer] = (answers[answer] ?? 0) + 1;
  }
  return answers;
}

const kinds = {
  cookie: async () => ({
    request: await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/', headers: { cookie }, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    }),
    upgrade: await attempt(upgradeText(`Cookie: ${cookie}\r\n`)),
  }),
  upgradeOnly: async () => ({ upgrade: await attempt(upgradeText(`Cookie: ${cookie}\r\n`)) }),
  connections: () => many(''),
  requests: () => many('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500)),
  upgrades: () => many(upgradeText('')),
};
const result = await kinds[kind]();
process.stdout.write(`${JSON.stringify({ uid: process.getuid?.() ?? null, ended, result })}\n`);
// Keeps what it has until its standard input ends.
process.stdin.on('end', () => process.exit(0)).resume();
