import { parentPort, workerData } from 'node:worker_threads';
import { createSystemClock } from '../clock';
import { errorCode, errorText } from '../files/notice';
import type { RecordAnswer, RecordRequest, RecordThreadData } from './record-host';
import { RecordServer } from './record-server';

/** The thread that writes the record: an entry of the bundle of its own. It does nothing but what it is asked for. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('expected to be run as a worker thread');
  const send = (answer: RecordAnswer): void => port.postMessage(answer);
  const { files, limits } = workerData as RecordThreadData;
  const server = new RecordServer({
    files,
    limits,
    clock: createSystemClock(),
    notify: (notice) => send({ kind: 'notice', notice }),
    report: (where, error) => send({ kind: 'error', where, message: errorText(error) }),
  });

  async function answer({ id, call, args }: RecordRequest): Promise<void> {
    try {
      send({ kind: 'done', id, value: await server.carryOut(call, args) });
    } catch (error) {
      send({ kind: 'failed', id, message: errorText(error), code: errorCode(error) || null });
    }
  }

  port.on('message', (request: RecordRequest) => void answer(request));
}

main();
