import { parentPort, workerData } from 'node:worker_threads';
import { epollOver } from './epoll';
import { STOP_TOKEN, type EndThreadData } from './end-thread';
import { loadSystemCalls } from './system-calls';

/** A wait ends by the stop token; should that ever be missed, nobody waits longer than this for the thread to end. */
const MAX_WAIT_MS = 1000;

/** The thread that blocks until a process ends: an entry of the bundle of its own. It knows tokens only. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('expected to be run as a worker thread');
  const loaded = loadSystemCalls();
  if (!loaded.available) throw new Error(loaded.reason);
  const { epollFd } = workerData as EndThreadData;
  const epoll = epollOver(loaded.calls, epollFd);
  for (;;) {
    const tokens = epoll.wait(MAX_WAIT_MS);
    if (tokens.includes(STOP_TOKEN)) return;
    if (tokens.length > 0) port.postMessage(tokens);
  }
}

main();
