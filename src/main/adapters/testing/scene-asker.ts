import { createSystemClock } from '../clock';
import { SceneThread } from '../evidence/scene-thread';

/** Asks a thread for a scene; then ends as a shell does (`disposed`), or as a program that has nothing left to do. */
async function main(file: string, ends: string | undefined): Promise<void> {
  const scenes = new SceneThread({ file, clock: createSystemClock(), report: () => undefined, avoided: () => [] });
  const request = { ports: [], files: ['/file'], folders: [], dead: null, packagesSince: null };
  const keepAlive = setInterval(() => undefined, 1000);
  const { files } = await scenes.read(request, 2000);
  clearInterval(keepAlive);
  process.stdout.write(`${JSON.stringify(files)}\n`);
  if (ends !== 'disposed') return;
  await scenes.dispose((text) => process.stdout.write(`${text}\n`));
  process.exit(0);
}

void main(process.argv[2] ?? '', process.argv[3]);
