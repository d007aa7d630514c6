import { spawn, type ChildProcess } from 'node:child_process';
import { listenForNotices, type NotifyListener } from '../../../main/adapters/testing/notify-listener';
import { execStartOf } from './exec-start';

/** How often it reads what was sent, in ms. */
const POLL_MS = 20;
/** As the unit asks for it, until the engine asks for another time. */
const WATCHDOG_MS = 3000;

/**
 * A service manager of a test. It does with a unit what systemd does with ours: starts it with its variables, waits for `READY=1` of the main
 * process and of no other, ends it when it gives no sign of life, and starts it again when it ends (`Restart=always`, `KillMode=process`).
 */
export class MiniManager {
  private readonly listener: NotifyListener;
  private readonly argv: readonly string[];
  private readonly polling: NodeJS.Timeout;
  private child: ChildProcess | null = null;
  private ended: Promise<void> = Promise.resolve();
  private wanted = false;
  private watchdogMs = WATCHDOG_MS;
  private beatMs = 0;
  /** What the main process has sent since its start. */
  lines: string[] = [];
  /** What others have sent. */
  strangers: string[] = [];
  output = '';

  constructor(
    unit: string,
    private readonly address: string,
  ) {
    const listener = listenForNotices(address);
    if (listener === null) throw new Error('expected sockets');
    this.listener = listener;
    this.argv = execStartOf(unit);
    this.polling = setInterval(() => this.read(), POLL_MS);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get isReady(): boolean {
    return this.lines.includes('READY=1');
  }

  start(): void {
    this.wanted = true;
    [this.lines, this.watchdogMs] = [[], WATCHDOG_MS];
    const { PATH, HOME } = process.env;
    const manager = {
      NOTIFY_SOCKET: this.address,
      WATCHDOG_USEC: `${WATCHDOG_MS}000`,
      LISTEN_FDS: '1',
      LISTEN_FDNAMES: 'x',
    };
    // The variables name the process that they are for, which is this shell until it becomes the engine.
    const child = spawn('sh', ['-c', 'WATCHDOG_PID=$$ LISTEN_PID=$$ exec "$@"', 'sh', ...this.argv], {
      env: { PATH, HOME, ...manager },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (this.output += data.toString()));
    this.child = child;
    this.ended = new Promise((resolve) =>
      child.once('exit', () => {
        this.read();
        if (this.wanted) this.start();
        resolve();
      }),
    );
  }

  /** Asks the main process to end, and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.wanted = false;
    if (this.child !== null && this.child.exitCode === null) this.child.kill(signal);
    await this.ended;
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    clearInterval(this.polling);
    this.listener.close();
  }

  private read(): void {
    for (const { text, pid } of this.listener.take()) {
      if (pid === this.pid) this.take(text.split('\n'));
      else this.strangers.push(text);
    }
    const isLate = this.isReady && performance.now() - this.beatMs > this.watchdogMs;
    if (isLate && this.wanted) this.child?.kill('SIGKILL');
  }

  private take(lines: readonly string[]): void {
    this.lines.push(...lines);
    for (const line of lines) {
      if (line === 'READY=1' || line === 'WATCHDOG=1') this.beatMs = performance.now();
      const [, asked] = /^WATCHDOG_USEC=(\d+)$/.exec(line) ?? [];
      if (asked !== undefined) this.watchdogMs = Number(asked) / 1000;
    }
  }
}
