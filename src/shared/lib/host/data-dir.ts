import { utf8Length } from '../text/utf8';

/** What the place of the data directory depends on. */
export interface DataDirInput {
  /** As in `process.platform`. */
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Called only when nothing else gives the place; may throw. */
  homedir: () => string;
  /** What was asked for on the command line; wins over everything. */
  explicit?: string | undefined;
}

/**
 * Where Healdeck keeps everything: `--data-dir`, else `HEALDECK_DATA_DIR`, else the platform's place for configuration.
 * The first two come back as they are: the caller resolves relative ones against its working directory.
 */
export function defaultDataDir({ platform, env, homedir, explicit }: DataDirInput): string {
  const asked = explicit || env['HEALDECK_DATA_DIR'];
  if (asked) return asked;
  if (platform === 'win32') return `${env['APPDATA'] || `${homedir()}\\AppData\\Roaming`}\\healdeck`;
  if (platform === 'darwin') return `${homedir()}/Library/Application Support/healdeck`;
  // The XDG base directory specification: relative paths are invalid and to be ignored.
  const xdg = env['XDG_CONFIG_HOME'];
  return `${xdg?.startsWith('/') ? xdg.replace(/\/+$/, '') : `${homedir()}/.config`}/healdeck`;
}

/** The data directory's path leaves no room for the socket in it. */
export class SocketPathTooLongError extends Error {
  override readonly name = 'SocketPathTooLongError';
  constructor(
    readonly path: string,
    readonly bytes: number,
    readonly limitBytes: number,
  ) {
    super(
      `The data directory's path is too long for a socket in it: ${path} has ${bytes} bytes, the system allows ` +
        `${limitBytes}. Use a shorter --data-dir or HEALDECK_DATA_DIR.`,
    );
  }
}

/**
 * Where the engine of a data directory is reached: a unix socket in it, on Windows a named pipe. `dataDir` is absolute.
 * Throws SocketPathTooLongError: unix(7) bounds the path, and what is longer would be cut silently by some systems. There
 * is no fallback to another place, since engine and CLI may be started with different environments and would then miss
 * each other, and a shared /tmp could hold somebody else's socket.
 */
export function socketPath(dataDir: string, platform: string): string {
  if (platform === 'win32') {
    // The same directory in another spelling is the same pipe: Windows paths ignore case and the kind of slash.
    const spelling = dataDir.toLowerCase().replace(/\//g, '\\').replace(/\\+$/, '');
    return `\\\\.\\pipe\\healdeck-${hashText(spelling)}`;
  }
  const path = `${dataDir.replace(/\/+$/, '')}/engine.sock`;
  // sizeof(sun_path) without the NUL at its end.
  const limitBytes = platform === 'linux' ? 107 : 103;
  const bytes = utf8Length(path);
  if (bytes > limitBytes) throw new SocketPathTooLongError(path, bytes, limitBytes);
  return path;
}

/** Two rounds of FNV-1a over the code units, as 16 hex digits: no secret, only a short name for a long one. */
function hashText(text: string): string {
  return [0x811c9dc5, 0x9747b28c]
    .map((seed) => {
      let hash = seed;
      for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
