import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { HELD_UP, ReadingMemory, readNamed } from './procfs-reader';
import { CONTROL, type ReaderAnswer, type ReaderQuestion, type ReaderThreadData } from './reader-thread';

/** Whoever waits for this thread may have been put before all others, and does not wait for these through us. */
const URGENT_NICE = -19;

/** The thread that reads processes and may be held up by them: an entry of the bundle of its own. It blocks until there is something to read. */
function main(): void {
  const { memory: buffer, control: words, port } = workerData as ReaderThreadData;
  const [memory, control] = [new ReadingMemory(buffer), new Int32Array(words)];
  goFirst();
  Atomics.store(control, CONTROL.tid, Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]));
  const isStopped = (): boolean => Atomics.load(control, CONTROL.stopped) !== 0;

  const readBatch = (count: number): void => {
    const first = control[CONTROL.firstPlace]!;
    for (let place = first; place < first + count && !isStopped(); place++) {
      if (memory.fds[place]! < 0) memory.lengths[place] = HELD_UP;
      else memory.read(place);
      Atomics.add(control, CONTROL.progress, 1);
    }
  };

  const readEach = ({ name, each }: Extract<ReaderQuestion, { each: unknown }>): readonly unknown[] =>
    each.map((args) => {
      const value = args === null || isStopped() ? null : readNamed(name, args as never);
      Atomics.add(control, CONTROL.progress, 1);
      return value;
    });

  const answer = (): void => {
    const question = receiveMessageOnPort(port)?.message as ReaderQuestion | undefined;
    if (question === undefined) return;
    let result: ReaderAnswer;
    try {
      result = { value: 'each' in question ? readEach(question) : readNamed(question.name, question.args as never) };
    } catch (error) {
      result = { error };
    }
    port.postMessage(result);
  };

  for (let served = 0; !isStopped();) {
    Atomics.wait(control, CONTROL.requested, served);
    served = Atomics.load(control, CONTROL.requested);
    if (isStopped()) break;
    const count = control[CONTROL.count]!;
    if (count > 0) readBatch(count);
    else answer();
    Atomics.store(control, CONTROL.done, served);
    Atomics.notify(control, CONTROL.done);
  }
}

/** 0 is the calling thread (setpriority(2)). */
function goFirst(): void {
  try {
    setPriority(0, URGENT_NICE);
  } catch {
    // Only root and CAP_SYS_NICE may.
  }
}

main();
