import { defaultDataDir } from '../../shared/lib/data-dir';

/** What the command line and the environment ask of the desktop shell. */
export interface LaunchOptions {
  /** May be relative to the working directory. */
  dataDir: string;
  /** Address of the development server (`npm run dev`), or null: then the built page is shown. */
  devServer: string | null;
  /** Whether an error at start may open a dialog: it waits for somebody to press its button. */
  dialogs: boolean;
}

/** Reads the launch options; switches meant for Chromium are left alone. */
export function readLaunchOptions(input: {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  homedir: string;
  isPackaged: boolean;
}): LaunchOptions {
  const { argv, env, platform, homedir, isPackaged } = input;
  const hasDisplay = platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return {
    dataDir: defaultDataDir({ platform, env, homedir, explicit: valueOf(argv, '--data-dir') }),
    devServer: isPackaged ? null : env['ELECTRON_RENDERER_URL'] || null,
    dialogs: hasDisplay && !env['HEALDECK_NO_DIALOG'],
  };
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
