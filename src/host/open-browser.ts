import { spawn } from 'node:child_process';
import { browserCommand } from '../shared/lib/host/browser-command';

/** Opens a URL in the user's browser. Resolves to false when that can't be done here; never rejects. */
export function openBrowser(platform: string, url: string): Promise<boolean> {
  const [program, ...args] = browserCommand(platform, url);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
