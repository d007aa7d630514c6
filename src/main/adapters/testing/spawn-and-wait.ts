import { randomUUID } from 'node:crypto';
import { watchSchema } from '../../../shared/model/watch';
import { OutputSinks } from '../logs/output-sinks';
import { ProgramSpawner } from '../launch/spawner';
import { INHERITED_LIMITS } from '../launch/start-limits';

/**
 * A process that starts a program as an engine does and then lives on, to be killed by a test.
 * Arguments: logs folder, program, its arguments; as the user that SPAWN_USER names, if any. Prints the pid of the program; ends by itself after a minute.
 */
const [logsDir = '/', ...argv] = process.argv.slice(2);
const watch = watchSchema.parse({
  id: randomUUID(),
  revision: 1,
  name: 'survivor',
  target: { kind: 'command', command: { argv, cwd: '/', user: process.env['SPAWN_USER'] ?? null } },
});
const report = (where: string, error: unknown): void => void process.stderr.write(`${where}: ${String(error)}\n`);
const spawner = new ProgramSpawner({
  sinks: new OutputSinks({ logsDir, files: () => 5, maxKept: 10, report }),
  output: { checkSoon: () => undefined },
  identify: (pid) => ({ pid, startTime: 1 }),
  baseEnv: process.env,
  limits: () => INHERITED_LIMITS,
  engineOomScoreAdj: () => null,
  report,
});
if (watch.target.kind === 'command') {
  void spawner
    .start(watch, spawner.prepare(watch, watch.target.command), () => undefined)
    .then((result) => process.stdout.write(`${JSON.stringify(result)}\n`));
}
setTimeout(() => undefined, 60_000);
