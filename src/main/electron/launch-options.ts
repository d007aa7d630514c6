import { defaultDataDir } from '../../shared/lib/host/data-dir';

/** What the command line and the environment ask of the desktop shell. */
export interface LaunchOptions {
  /** May be relative to the working directory. */
  dataDir: string;
  /** Address of the development server (`npm run dev`) on this machine, or null: then the built page is shown. */
  devServer: string | null;
  /** Whether an error at start may open a dialog: it waits for somebody to press its button. */
  dialogs: boolean;
}

/** Reads the launch options; switches meant for Chromium are left alone. */
export function readLaunchOptions(input: {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  homedir: () => string;
  isDevelopment: boolean;
}): LaunchOptions {
  const { argv, env, platform, homedir, isDevelopment } = input;
  const hasDisplay = platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return {
    dataDir: defaultDataDir({ platform, env, homedir, explicit: valueOf(argv, '--data-dir') }),
    devServer: isDevelopment ? loopbackUrl(env['ELECTRON_RENDERER_URL']) : null,
    dialogs: hasDisplay && !env['HEALDECK_NO_DIALOG'],
  };
}

function loopbackUrl(text: string | undefined): string | null {
  if (!text || !URL.canParse(text)) return null;
  const { protocol, hostname } = new URL(text);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? text : null;
}

/** Switches of Chromium and Node that let others run code in the app. */
const DEBUGGING =
  /^--(?:inspect(?:-brk|-wait|-port|-publish-uid)?|debug(?:-brk|-port)?|remote-debugging-\w+|js-flags)(?:=|$)/;

/** Why a packaged app does not start: with what it was started, others could run code in it. null when nothing is wrong. */
export function debuggingProblem(input: {
  argv: readonly string[];
  execArgv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}): string | null {
  const { argv, execArgv, env } = input;
  const found = [...argv.slice(1), ...execArgv].find((argument) => DEBUGGING.test(argument));
  if (found !== undefined) return `${found.replace(/=.*/s, '')} lets others run code in Healdeck; start it without`;
  return env['NODE_OPTIONS'] ? 'NODE_OPTIONS is set, which lets others run code in Healdeck; start it without' : null;
}

/** The value of `--flag value` or `--flag=value`; the last one counts. */
function valueOf(argv: readonly string[], flag: string): string | undefined {
  let value: string | undefined;
  argv.forEach((argument, index) => {
    if (argument === flag) value = argv[index + 1] ?? value;
    else if (argument.startsWith(`${flag}=`)) value = argument.slice(flag.length + 1);
  });
  return value;
}
