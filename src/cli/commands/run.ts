import { join } from 'node:path';
import type { Command } from 'commander';
import { parseOrigin } from '../../shared/lib/host/origin';
import { parsePort } from '../../shared/lib/host/port';
import { dataDirOf, examples, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { chooseShell, hasDisplay, withRuntime } from '../run/choose-shell';
import { ensureElectron, runtimeWarning } from '../run/electron-runtime';
import { runHeadless } from '../run/run-headless';
import { runWindow } from '../run/run-window';
import { parsed } from './parsed-option';

interface RunOptions {
  headless?: boolean;
  port?: number;
  open?: boolean;
  proxyOrigin?: string;
  /** commander's name for `--no-address`: true without it. */
  address: boolean;
  /** commander's name for `--no-sandbox`: true without it. */
  sandbox: boolean;
}

/** `run`: the engine in the foreground, with a window where there can be one. `onEnd` gets its exit status. */
export function addRunCommand(program: Command, context: CliContext, onEnd: (exitCode: number) => void): void {
  program
    .command('run')
    .description('run the engine in the foreground, in a window or with a web dashboard')
    .option('--headless', 'no window: serve the dashboard to a browser on this machine')
    .option('--port <n>', 'port of the web dashboard (default: 7710, or a free one)', parsed(parsePort))
    .option('--open', 'open the web dashboard in a browser')
    .option(
      '--proxy-origin <origin>',
      'with --headless: the origin at which a reverse proxy on this machine serves the dashboard (such as https://ops.example.org)',
      parsed(parseOrigin),
    )
    .option('--no-address', 'print no address of the dashboard, as where others read the output')
    .option('--no-sandbox', 'open the window without the sandbox of Chromium, required for a window as root')
    .addHelpText(
      'after',
      '\nSIGTERM, SIGINT and closing the terminal (SIGHUP) shut the engine down cleanly; watched programs keep running.\n' +
        'Without a terminal, SIGHUP reloads config.json. SIGUSR1 is ignored.\n' +
        examples('healdeck run', 'healdeck run --headless --port 7710 --data-dir /var/lib/healdeck'),
    )
    .action(async (options: RunOptions, command: Command) => {
      const { env, platform } = context.io;
      const dataDir = dataDirOf(command, context.io);
      const say = (line: string): void => context.io.err(`${line}\n`);
      const appDir = join(__dirname, '..', '..');

      let choice = chooseShell({
        headless: options.headless ?? false,
        port: options.port !== undefined,
        noSandbox: !options.sandbox,
        uid: process.getuid?.() ?? -1,
        platform,
        env,
      });
      if (choice.shell === 'refused') throw new CliFailure(choice.reason);
      if (choice.shell === 'window') {
        const runtime = await ensureElectron({ appDir, platform, env }, say);
        if (runtime.found) {
          const warning = runtimeWarning({ appDir, platform, env });
          if (warning !== null) say(warning);
          const { executable } = runtime;
          return onEnd(await runWindow({ executable, appDir, dataDir, env, sandbox: choice.sandbox }));
        }
        choice = withRuntime(choice, runtime);
      }
      const fallback = choice.shell === 'headless' && choice.fallback;
      if (choice.shell === 'headless' && fallback) say(`No window: ${choice.reason}. Running headless.`);
      // Who expected a window gets the dashboard in a browser, where there is a display for one.
      const open = options.open ?? (fallback && hasDisplay(platform, env));
      const { address, port = null, proxyOrigin = null } = options;
      onEnd(await runHeadless({ dataDir, port, open, proxyOrigin, address }));
    });
}
