import { closeSync, readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { ServiceNotice } from '../../engine/ports';
import type { DatagramReceiver } from '../processes/pidfd/socket-calls';
import { loadSystemCalls } from '../processes/pidfd/system-calls';
import { AT, MAX_UNTAKEN, STOP, type NoticeMessage, type NoticeThreadData } from './notice-thread';
import { MAX_NOTICE_BYTES, parseNotice } from './parse-notice';
import { ancestorsOf } from './sender-ancestors';

/**
 * Of a flood no more than this is read in one go, and then there is a pause: 3200 a second. Meanwhile the senders wait in the kernel, in the order
 * in which they came.
 */
const MAX_AT_ONCE = 32;
const PAUSE_MS = 10;

/** The thread that waits for what programs report: an entry of the bundle of its own. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('expected to be run as a worker thread');
  const loaded = loadSystemCalls();
  if (!loaded.available || loaded.sockets === null) throw new Error('expected sockets');
  const { sockets } = loaded;
  const { fd, shared } = workerData as NoticeThreadData;
  const state = new Int32Array(shared);
  const send = (message: NoticeMessage): void => port.postMessage(message);
  const receiver = sockets.receiver(fd, MAX_NOTICE_BYTES);
  // `<pid>/task/<id>` (proc(5)): the thread that reads it.
  const threadId = Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]);
  let closings = 0;

  /** Closing what others have opened may wait, for as long as SO_LINGER of a socket says. The engine ends that wait. */
  const closing = (close: () => void): void => {
    closings += 1;
    Atomics.store(state, AT.closing, closings);
    send({ kind: 'closing', number: closings, threadId });
    close();
    Atomics.store(state, AT.closing, 0);
  };

  while (Atomics.load(state, AT.stop) === 0) {
    const next = Atomics.exchange(state, AT.next, 0);
    if (next > 0) {
      closing(() => sockets.replace(fd, next));
      closeSync(next);
    }
    const taken = Atomics.load(state, AT.taken);
    if (Atomics.load(state, AT.sent) - taken >= MAX_UNTAKEN) {
      Atomics.wait(state, AT.taken, taken, PAUSE_MS);
      continue;
    }
    const { count, notices } = receiveSome(receiver, () => Atomics.load(state, AT.stop) !== 0, closing);
    if (notices.length > 0) {
      Atomics.add(state, AT.sent, 1);
      send({ kind: 'notices', notices });
    }
    if (count > 0) Atomics.wait(state, AT.stop, 0, PAUSE_MS);
  }
  // What nobody has received is closed with it. A process that exits does that by itself, and without a wait.
  if (Atomics.load(state, AT.stop) === STOP.close) closing(() => closeSync(fd));
}

/** Waits for the first datagram; `count`: of those that were taken. */
function receiveSome(
  receiver: DatagramReceiver,
  isStopped: () => boolean,
  closing: (close: () => void) => void,
): { count: number; notices: readonly ServiceNotice[] } {
  const notices: ServiceNotice[] = [];
  // A flood is of few senders.
  const known = new Map<number, readonly number[]>();
  const above = (pid: number): readonly number[] => {
    const ancestors = known.get(pid) ?? ancestorsOf(pid);
    known.set(pid, ancestors);
    return ancestors;
  };
  for (let count = 0; ; count += 1) {
    const datagram = count < MAX_AT_ONCE && !isStopped() ? receiver.peek({ wait: count === 0 }) : null;
    if (datagram === null) return { count, notices };
    const { bytes, sender, hasDescriptors } = datagram;
    const content = bytes === null ? null : parseNotice(bytes);
    // Pid 0: a process that can't be seen from here (pid_namespaces(7)).
    // As long as it is not taken, whoever waits for that (sd_notify_barrier(3)) lives.
    if (content !== null && sender !== null && sender.pid > 0) {
      notices.push({ ...content, ...sender, ancestors: above(sender.pid) });
    }
    if (hasDescriptors) closing(() => receiver.take());
    else receiver.take();
  }
}

main();
