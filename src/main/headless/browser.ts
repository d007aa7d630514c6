import { spawn } from 'node:child_process';

/** The program that opens a URL with the user's browser, and its arguments: no shell sees the URL. */
export function browserCommand(platform: string, url: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // `start` is a word of cmd.exe, which reads & and ^ in the URL; the handler behind it can be called without a shell.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}

/** Opens a URL in a browser. Resolves to false when that can't be done here; never rejects. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, ...args] = browserCommand(process.platform, url);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
