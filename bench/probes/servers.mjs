// The other side of the probes: a server that answers, and one that accepts and is silent. Prints their ports.
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';

const listen = (server) =>
  new Promise((resolve) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => resolve(server.address().port)),
  );

const answering = createServer((_, response) => response.end('{"status":"ok"}\n'));
const silent = createTcpServer((socket) => socket.resume().on('error', () => undefined));
const [answeringPort, silentPort] = await Promise.all([listen(answering), listen(silent)]);
process.on('disconnect', () => process.exit());
process.send({ answering: answeringPort, silent: silentPort });
