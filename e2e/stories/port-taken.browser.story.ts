import { createServer, type IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import { expect, test } from '../fixtures/test';

/** A program of somebody else on a port: what browsers send it, and what their pages say over WebSockets. */
async function takePort(port: number) {
  const cookies: string[] = [];
  const messages: string[] = [];
  const note = ({ headers }: IncomingMessage) => cookies.push(headers.cookie ?? '');
  const server = createServer((request, response) => {
    note(request);
    // As open as it can be, so that the page goes on.
    response.writeHead(200, { 'content-type': 'text/html' }).end('<img src="/image"><p>Somebody else</p>');
  });
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    note(request);
    socket.on('message', (data) => {
      messages.push(String(data));
      socket.send(JSON.stringify({ nonce: 'A'.repeat(43), proof: 'A'.repeat(43) }));
      socket.send(JSON.stringify({ ready: true }));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const address = server.address();
  return { cookies, messages, close, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

const tryCookie = (origin: string, cookie: string) =>
  fetch(origin, { headers: { cookie } }).then(({ status }) => status);

test('who takes the port while the engine is gone gets nothing that the engine takes', async ({ healdeck }) => {
  const { dashboard } = healdeck;
  await dashboard.expectLive();
  const origin = dashboard.origin();
  await healdeck.killEngine();
  const taken = await takePort(Number(new URL(origin).port));
  await dashboard.expectSessionOver();
  await taken.close();
  // The page asked for a proof first, and sent nothing more when there was none.
  expect(taken.messages).toHaveLength(1);
  expect(Object.keys(JSON.parse(taken.messages[0] ?? '') as object)).toEqual(['nonce']);
  await healdeck.start('kept');
  for (const cookie of taken.cookies) expect(await tryCookie(origin, cookie)).toBe(401);
});

test('another port of this machine gets the cookie, and can do nothing with it', async ({ healdeck }) => {
  const { dashboard } = healdeck;
  await dashboard.expectLive();
  const origin = dashboard.origin();
  const other = await takePort(0);
  await dashboard.visit(`http://127.0.0.1:${other.port}/`);
  await expect.poll(() => other.cookies.some((cookie) => cookie.includes('healdeck_'))).toBe(true);
  await other.close();
  // Only the page that has the key of the session can do something, and the key is not where another port can read it.
  const { port } = new URL(origin);
  expect(await dashboard.tryToCall(Number(port))).toBe('refused');
});
