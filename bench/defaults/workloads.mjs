import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runToEnd } from '../restart/processes.mjs';

const FILES = 200;
export const CONNECTIONS = 1000;
const MAX_CONNECTIONS = CONNECTIONS + 10;

/** Others on this machine come first; a session is a group of its own there (sched(7), autogroup). */
const YIELD = 'echo 19 > /proc/self/autogroup 2>/dev/null';

/** Without headers: what is tried is the tree of 64 compilers that come and go, not how long each of them takes. */
function sourceFile(n) {
  const functions = Array.from({ length: 200 }, (_, i) => `int f${n}_${i}(int x) { return x * ${i} + ${n}; }`);
  return `${functions.join('\n')}\n`;
}

/** `make -j64`, again and again; each build that is through adds a line to `builds`. */
function make(folder) {
  const build = join(folder, 'make');
  mkdirSync(build);
  for (let n = 0; n < FILES; n += 1) writeFileSync(join(build, `file${n}.c`), sourceFile(n));
  const objects = Array.from({ length: FILES }, (_, n) => `file${n}.o`).join(' ');
  writeFileSync(join(build, 'Makefile'), `all: ${objects}\nclean:\n\trm -f *.o\n%.o: %.c\n\tcc -O1 -c $< -o $@\n`);
  const loop = `${YIELD}; while make -s clean && make -s -j64; do echo built >> builds; sleep 5; done`;
  return { name: 'make', cwd: build, argv: ['sh', '-c', loop] };
}

function xargs(folder) {
  return { name: 'xargs', cwd: folder, argv: ['sh', '-c', `${YIELD}; yes 2 | xargs -P 60 -n 1 sleep`] };
}

/** PostgreSQL over a data directory of its own, without a TCP port. */
function postgres(folder, { bin, uid, gid }) {
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, uid, gid);
  const data = join(home, 'data');
  runToEnd(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], { uid, gid, cwd: home });
  const options = { listen_addresses: '', unix_socket_directories: home, max_connections: MAX_CONNECTIONS };
  const words = Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return {
    name: 'postgres',
    cwd: home,
    user: 'postgres',
    argv: [join(bin, 'postgres'), '-D', data, ...words],
    socket: join(home, '.s.PGSQL.5432'),
  };
}

const python = (name, folder, lines) => ({ name, cwd: folder, argv: ['python3', '-c', lines.join('\n')] });

function pool(folder) {
  return python('pool', folder, [
    'import mmap, os, time',
    'shared = mmap.mmap(-1, 1 << 30)',
    'for page in range(0, 1 << 30, 4096): shared[page] = 1',
    'for worker in range(8):',
    '    if os.fork() == 0:',
    '        sum(shared[page] for page in range(0, 1 << 30, 65536))',
    '        while True: time.sleep(1)',
    'open("pool-is-up", "w").close()',
    'while True: time.sleep(1)',
  ]);
}

function warmUp(folder) {
  return python('warm-up', folder, [
    'import time',
    'loaded = []',
    'for second in range(250):',
    '    loaded.append(bytearray(b"x" * (2 << 20)))',
    '    time.sleep(1)',
    'open("warm-up-is-over", "w").close()',
    'while True: time.sleep(1)',
  ]);
}

function launcher(folder) {
  const loop =
    'i=0; while [ $i -lt 200 ]; do ( sleep 3600 & ); i=$((i + 1)); done; touch launched; while :; do sleep 5; done';
  return { name: 'launcher', cwd: folder, argv: ['sh', '-c', loop] };
}

export function workloads(folder, database) {
  return [make(folder), xargs(folder), postgres(folder, database), pool(folder), warmUp(folder), launcher(folder)];
}

/** Opens a connection of protocol 3.0 and waits for "ready for query"; rejects with what the server says. */
function connect(path) {
  const body = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(Buffer.concat([head, body])));
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      // ReadyForQuery: 'Z', a length of 5, 'I' for idle.
      if (answer.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) resolve(socket);
      else if (answer[0] === 0x45) reject(new Error(answer.toString('latin1')));
    });
  });
}

/** So many open connections; how many of them are still open is asked at the end. */
export async function openConnections(path) {
  const sockets = [];
  const end = performance.now() + 120_000;
  while (sockets.length < CONNECTIONS) {
    try {
      const socket = await connect(path);
      socket.on('error', () => undefined);
      sockets.push(socket);
    } catch (error) {
      if (performance.now() > end) throw error;
      // It is still starting.
      await sleep(500);
    }
  }
  return {
    open: () => sockets.filter((socket) => socket.readyState === 'open').length,
    end: () => sockets.forEach((socket) => socket.destroy()),
  };
}
