/** `npm start`: installs and builds what is missing, then runs Healdeck. Extra arguments go to `healdeck run`. */
import { join } from 'node:path';
import {
  BUILD,
  follow,
  needsBuild,
  INSTALL,
  needsInstall,
  nodeProblem,
  ROOT,
  runInTerminal,
  startArguments,
} from './lib/project.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

/** Says what is done, does it, and says what to do when it fails. */
function step(what, command, advice) {
  say(what);
  if (runInTerminal(command) === 0) return true;
  say(advice);
  return false;
}

async function start(args) {
  const problem = nodeProblem();
  if (problem !== null) {
    say(problem);
    return 1;
  }
  if (needsInstall() && !step('Installing (npm ci)…', INSTALL, 'Installing failed; is the npm registry reachable?'))
    return 1;
  if (needsBuild() && !step('Building…', BUILD, 'Building failed; nothing was started.')) return 1;
  const { platform, env } = process;
  const chosen = startArguments(args, { platform, env, uid: process.getuid?.() ?? -1 });
  if (chosen.notice !== null) say(chosen.notice);
  return follow([process.execPath, join(ROOT, 'bin/healdeck.js'), 'run', ...chosen.args]);
}

process.exitCode = await start(process.argv.slice(2));
