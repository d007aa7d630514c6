import { randomBytes } from 'node:crypto';
import { constants, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linkPage } from './pages';
import { TOKEN_LIFETIME_MS } from './one-time-tokens';

const NAME = /^open-[\w-]{22}\.html$/;

/**
 * Pages in the data directory that lead a browser to the dashboard. Other users can read the arguments of the program that opens
 * a browser (proc_pid_cmdline(5)), so the address with its token is never one of them: the path of such a page is, and only the user of
 * the engine can read it.
 */
export class LinkPages {
  /** By URL. */
  private readonly written = new Map<string, { path: string; timer: NodeJS.Timeout }>();

  /** `dataDir` is open to the user of the engine only. Pages that an engine has left which was killed are removed. */
  constructor(private readonly dataDir: string) {
    for (const name of readdirSync(dataDir)) if (NAME.test(name)) rmSync(join(dataDir, name), { force: true });
  }

  /** Writes a page that leads to the URL, and removes it when that has ended. Resolves to its path. */
  async write(url: string): Promise<string> {
    const path = join(this.dataDir, `open-${randomBytes(16).toString('base64url')}.html`);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    // Windows has no O_NOFOLLOW, and no links that anybody may make.
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), 0o600);
    try {
      await file.writeFile(linkPage(url));
    } finally {
      await file.close();
    }
    this.written.set(url, { path, timer: setTimeout(() => void this.remove(url), TOKEN_LIFETIME_MS).unref() });
    return path;
  }

  /** Removes the page that leads to the URL, if there is one: it was used. */
  async remove(url: string): Promise<void> {
    const page = this.written.get(url);
    if (page === undefined) return;
    this.written.delete(url);
    clearTimeout(page.timer);
    // Gone, or on a disk that takes no more changes: its token has ended in any case.
    await rm(page.path, { force: true }).catch(() => undefined);
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.written.keys()].map((url) => this.remove(url)));
  }
}
