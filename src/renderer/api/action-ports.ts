import type { ProcessIdentity } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { UiStore } from '../store/ui';
import type { Announcement } from '../platform/announce';
import type { Session } from './session';

/** What actions need of the window. */
export interface ActionPorts {
  session: Pick<Session, 'ask'>;
  ui: UiStore;
  /** All watches as they are now. */
  watches(): Iterable<WatchStatus>;
  announce(announcement: Announcement): void;
}

/** The identities of the processes that a watch was shown with. */
export function shownIdentities(shown: WatchStatus): ProcessIdentity[] {
  return shown.processes.map(({ pid, startTime }) => ({ pid, startTime }));
}
