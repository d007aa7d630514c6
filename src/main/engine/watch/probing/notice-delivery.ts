import type { ProcessIdentity } from '../../../../shared/model/process';
import { descends } from '../../processes/process-index';
import type { Clock, Dispose, ReportError, ServiceNotice, ServiceNotices } from '../../ports';
import type { ProcessIndex } from '../../processes/process-index';

/** A watch that programs may report to. */
export interface NoticeListener {
  readonly processes: readonly ProcessIdentity[];
  /** Whether it is interested. */
  readonly expectsNotices: boolean;
  /** One of its processes, or what descends from one, has reported something. */
  onNotice(notice: ServiceNotice): void;
}

export interface NoticeDeliveryDependencies {
  clock: Clock;
  serviceNotices: ServiceNotices;
  roster: Iterable<NoticeListener>;
  index: () => ProcessIndex;
  /** Makes a scan of now the latest one. */
  refresh: () => Promise<void>;
  report: ReportError;
}

/** Senders that no scan has shown are looked for by another one, but no more often than this, whoever floods us. */
const SCAN_INTERVAL_MS = 200;
/** Reports that wait for it; anybody may send some. */
const MAX_WAITING = 256;

/** Brings what programs report over sd_notify(3) to the watch that the sender belongs to. What comes from others is dropped. */
export class NoticeDelivery {
  private waiting: ServiceNotice[] = [];
  private looksAtMs = -Infinity;
  private cancel: Dispose | null = null;
  private readonly unsubscribe: Dispose;
  private disposed = false;

  constructor(private readonly dependencies: NoticeDeliveryDependencies) {
    this.unsubscribe = dependencies.serviceNotices.subscribe((notices) => this.onNotices(notices));
  }

  dispose(): void {
    this.disposed = true;
    this.unsubscribe();
    this.cancel?.();
  }

  private onNotices(notices: readonly ServiceNotice[]): void {
    const unknown = notices.filter((notice) => !this.deliver(notice));
    if (unknown.length === 0 || this.disposed || this.listeners().length === 0) return;
    this.waiting = [...this.waiting, ...unknown].slice(0, MAX_WAITING);
    this.lookSoon();
  }

  private lookSoon(): void {
    const { clock, report } = this.dependencies;
    if (this.cancel !== null) return;
    const delayMs = Math.max(0, this.looksAtMs + SCAN_INTERVAL_MS - clock.monotonicMs());
    this.cancel = clock.after(delayMs, () => {
      this.look().catch((error: unknown) => report('delivering what programs report', error));
    });
  }

  private async look(): Promise<void> {
    this.looksAtMs = this.dependencies.clock.monotonicMs();
    const asked = this.waiting;
    this.waiting = [];
    await this.dependencies.refresh();
    this.cancel = null;
    if (this.disposed) return;
    for (const notice of asked) this.deliver(notice);
    if (this.waiting.length > 0) this.lookSoon();
  }

  private deliver(notice: ServiceNotice): boolean {
    const owner = this.ownerOf(notice);
    owner?.onNotice(notice);
    return owner !== null;
  }

  /** The watch whose process it is, or that it descends from: a helper such as systemd-notify reports for its parent. */
  private ownerOf({ pid, ancestors }: ServiceNotice): NoticeListener | null {
    const listeners = this.listeners();
    // A helper has often ended before a scan could show it.
    for (const known of [pid, ...ancestors]) {
      const own = listeners.find(({ processes }) => processes.some((process) => process.pid === known));
      if (own !== undefined) return own;
    }
    const index = this.dependencies.index();
    const sample = index.byPidOrNull(pid);
    if (sample === null) return null;
    return listeners.find(({ processes }) => processes.some((process) => descends(sample, process.pid, index))) ?? null;
  }

  private listeners(): readonly NoticeListener[] {
    return [...this.dependencies.roster].filter(({ expectsNotices }) => expectsNotices);
  }
}
