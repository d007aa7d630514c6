import type { ServiceNoticesStatus } from '../../../shared/model/snapshot';
import type { Dispose, NoticeContent, ServiceNotice, ServiceNotices } from '../ports';

/** Receives what a test sends. */
export class FakeServiceNotices implements ServiceNotices {
  status: ServiceNoticesStatus = { at: 'receiving', address: '/data/notify.sock' };
  private readonly listeners = new Set<(notices: readonly ServiceNotice[]) => void>();

  subscribe(onNotices: (notices: readonly ServiceNotice[]) => void): Dispose {
    this.listeners.add(onNotices);
    return () => this.listeners.delete(onNotices);
  }

  send(pid: number, content: NoticeContent, ancestors: readonly number[] = []): void {
    for (const listener of this.listeners) listener([{ pid, uid: 0, ancestors, ...content }]);
  }
}
