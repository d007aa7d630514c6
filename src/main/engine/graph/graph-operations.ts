import type { Observation, ObservedGraph, OutsidePeer, WatchPorts } from '../../../shared/model/ports';
import type { GraphControl } from '../engine';
import { NOTHING_WANTED, type Dispose, type EnginePorts, type PortHolder, type WantedPort } from '../ports';
import type { ProcessSnapshot } from '../ticks/process-snapshot';
import type { Roster } from '../watch/roster';
import type { Look } from './look';
import { membersOf } from './members';
import { ObservedConnections, type PeerFound } from './observed-connections';
import { watchPorts } from './watch-ports';

export interface GraphOperationsDependencies extends Pick<EnginePorts, 'clock' | 'scenes' | 'sockets'> {
  roster: Roster;
  latestScan: ProcessSnapshot;
}

/** One reading of all sockets; what is not known by then is left out. */
const READ_LIMIT_MS = 5000;
const HOLDERS_LIMIT_MS = 3000;
/** A program may have started children since the last scan. */
const RESCAN_MS = 1000;
/** Where connections come and go between two looks, more looks take this share of the time at most. */
const MAX_SHARE = 0.4;
const MIN_PAUSE_MS = 4;

/** What the sockets of watched programs show. Sockets are read only when somebody asks, and never in a tick. */
export class GraphOperations implements GraphControl {
  private readonly endPauses = new Set<Dispose>();
  private disposed = false;

  constructor(private readonly dependencies: GraphOperationsDependencies) {}

  /** Where one watch, by name or id, is reached, or each of all (null). @throws Refusal `not_found` */
  async ports(watch: string | null): Promise<readonly WatchPorts[]> {
    const { roster } = this.dependencies;
    const asked = watch === null ? [...roster] : [roster.find(watch)];
    const names = asked.map((supervisor) => supervisor.watch.name);
    return watchPorts(names, await this.look(names, false));
  }

  async observed({ looks, overMs }: Observation): Promise<ObservedGraph> {
    const { clock, roster } = this.dependencies;
    const connections = new ObservedConnections();
    const startedMs = clock.monotonicMs();
    const intervalMs = overMs / Math.max(1, looks - 1);
    let count = 0;
    let isPlanned = true;
    for (;;) {
      const beganMs = clock.monotonicMs();
      const look = await this.look(null, isPlanned);
      connections.add(look);
      count += 1;
      const nowMs = clock.monotonicMs();
      const elapsedMs = nowMs - startedMs;
      if (looks === 1 || elapsedMs >= overMs || this.disposed) {
        return {
          ...{ looks: count, overMs: elapsedMs },
          watches: watchPorts(
            [...roster].map((supervisor) => supervisor.watch.name),
            look,
          ),
          edges: connections.edges,
          outside: await this.withHolders(connections.peers),
          unseen: connections.unseen,
        };
      }
      const plannedMs = Math.min(overMs - elapsedMs, intervalMs - (elapsedMs % intervalMs));
      const soonMs = Math.max(MIN_PAUSE_MS, (nowMs - beganMs) * (1 / MAX_SHARE - 1));
      isPlanned = !connections.mayHaveMissed || plannedMs <= soonMs;
      await this.pause(isPlanned ? plannedMs : soonMs);
    }
  }

  /** Ends what is being observed; it is answered with what was seen. */
  dispose(): void {
    this.disposed = true;
    for (const end of this.endPauses) end();
  }

  /** At the sockets of the watches with these names, or of all (null). */
  private async look(names: readonly string[] | null, withEnded: boolean): Promise<Look> {
    const { clock, latestScan, roster, sockets } = this.dependencies;
    if (clock.monotonicMs() - latestScan.index.atMs > RESCAN_MS) await latestScan.refresh();
    const kept = [...roster].map(({ watch, processes }) => ({ watch: watch.name, processes }));
    const members = membersOf(kept, latestScan.index).filter(({ watch }) => names === null || names.includes(watch));
    return { reading: await sockets.read(members, READ_LIMIT_MS, withEnded), members, withEnded };
  }

  private async withHolders(peers: readonly PeerFound[]): Promise<readonly OutsidePeer[]> {
    const wanted = new Map<string, WantedPort>();
    for (const { protocol, port, isHere } of peers) {
      if (isHere && protocol !== 'unix' && port !== null) wanted.set(`${protocol} ${port}`, { protocol, port });
    }
    const ports = [...wanted.values()];
    const scene =
      ports.length === 0 ? null : await this.dependencies.scenes.read({ ...NOTHING_WANTED, ports }, HOLDERS_LIMIT_MS);
    return peers.map(({ isHere, ...peer }) => ({
      ...peer,
      holders: isHere ? holdersOf(peer, scene?.holders ?? []) : [],
    }));
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.endPauses.delete(end);
        cancel();
        resolve();
      };
      const cancel = this.dependencies.clock.after(ms, end);
      this.endPauses.add(end);
    });
  }
}

function holdersOf(
  { protocol, port }: Omit<OutsidePeer, 'holders'>,
  holders: readonly PortHolder[],
): OutsidePeer['holders'] {
  return holders.flatMap((holder) =>
    holder.protocol === protocol && holder.port === port && holder.process !== null
      ? { pid: holder.process.pid, name: holder.process.name }
      : [],
  );
}
