import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeRouter } from '../../main/api/testing/api-client';
import { UnixSocketServer } from '../../main/api/unix-socket';
import type { Io } from '../io';
import type { Terminal } from '../top/terminal';
import { runCli } from '../program';

/** A data directory, a fake engine behind its socket, and command lines that speak to it. */
export class CliBench {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'healdeck-cli-'));
  /** What is typed or piped when a command asks for a secret. */
  typed = '';
  /** What the operator answers; null: there is no terminal. */
  answer: boolean | null = null;
  /** The width of the terminal; null: there is none. */
  columns: number | null = null;
  terminal: Terminal | null = null;
  server: UnixSocketServer | null = null;

  async startEngine() {
    const made = fakeRouter();
    this.server = await UnixSocketServer.open({
      router: made.router,
      path: join(this.dataDir, 'engine.sock'),
      onMalformed: () => undefined,
    });
    return made;
  }

  begin(...argv: string[]) {
    const said = { out: '', err: '' };
    const io: Io = {
      ...{
        env: {},
        cwd: '/home/ada',
        platform: process.platform,
        homedir: '/nowhere',
        columns: this.columns,
        now: () => 1000,
      },
      ...{ timeZone: 'UTC' },
      machine: { memoryBytes: 8_000_000_000, cores: 4, hostname: 'bench' },
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      confirm: (question) => {
        said.err += question;
        return this.answer === null ? null : Promise.resolve(this.answer);
      },
      terminal: () => this.terminal,
      secret: () => Promise.resolve(this.typed),
    };
    return { said, exitCode: runCli(['--data-dir', this.dataDir, ...argv], io, '0.1.0') };
  }

  async run(...argv: string[]) {
    const { said, exitCode } = this.begin(...argv);
    return { exitCode: await exitCode, ...said };
  }

  async dispose(): Promise<void> {
    await this.server?.dispose();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
