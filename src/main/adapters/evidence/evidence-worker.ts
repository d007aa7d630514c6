import { parentPort } from 'node:worker_threads';
import { createSystemClock } from '../clock';
import { readScene } from './read-scene';
import type { SceneMessage, SceneQuestion } from './scene-thread';

/** The thread that reads what is around a death: an entry of the bundle of its own. Anything that it asks for may hang it. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('expected to be run as a worker thread');
  const send = (message: SceneMessage): void => port.postMessage(message);
  const clock = createSystemClock();
  port.on('message', ({ request, avoided }: SceneQuestion) => {
    readScene(request, (part) => send({ kind: 'part', part }), { clock, avoided: new Set(avoided) });
    send({ kind: 'done' });
  });
}

main();
