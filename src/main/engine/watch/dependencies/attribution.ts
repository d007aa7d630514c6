import { affectedWords } from '../../../../shared/events/attribution';
import type { AffectedHow, IncidentReference } from '../../../../shared/model/event';
import type { Watch } from '../../../../shared/model/watch';
import type { ChangeBus } from '../../events/change-bus';
import type { Clock } from '../../ports';
import type { DependencyGraph, AwaitedWatch } from './dependency-graph';

/**
 * What is in trouble at nearly the same time has one cause: a program that crashes without its database is often noticed before the database
 * is. That takes as long as deaths that nobody reports (a tick, 2 s) and a few attempts of a quick probe need.
 */
export const SAME_CAUSE_MS = 10_000;

/** The newest incident of a watch. */
export interface Trouble {
  incident: number;
  /** Monotonic; far in the past where an earlier engine opened it. */
  openedAtMs: number;
  /** It goes on, or was given up and is broken to this moment. */
  isOpen: boolean;
  /** The incident of another watch that led to it; null: it is its own cause, as far as is known. */
  cause: IncidentReference | null;
}

/** A watch whose incidents may have a cause elsewhere. */
export interface TroubledWatch extends AwaitedWatch {
  readonly trouble: Trouble | null;
  /** The incident for which its program was restarted with others; null: for none. */
  readonly runCause: IncidentReference | null;
  /** Its newest incident was led to by this one. */
  attribute(cause: IncidentReference): void;
}

export interface AttributionDependencies<W extends TroubledWatch> {
  graph: DependencyGraph<W>;
  clock: Clock;
  changeBus: Pick<ChangeBus, 'record'>;
  /** The cause of its incident is another now. */
  changed: (watch: W) => void;
}

/** Finds for each incident the one that led to it, among those of the watches that its own depends on. Nothing is healed otherwise for that. */
export class Attribution<W extends TroubledWatch> {
  constructor(private readonly dependencies: AttributionDependencies<W>) {}

  /** An incident has opened: it has a cause, or is the cause of others that were noticed before it. */
  onOpened(watch: W): void {
    const { graph } = this.dependencies;
    const { trouble } = watch;
    if (trouble === null) return;
    const cause = this.causeOf(watch);
    if (cause !== null) this.attribute(watch, cause);
    const root = watch.trouble?.cause ?? { watch: watch.watch.name, incident: trouble.incident };
    const dependants = reachable(watch, (one) => graph.dependantsOf(one));
    /** Those that are no causes of their own any more. */
    const moved = new Set(cause === null ? [] : [trouble.incident]);
    for (const dependant of dependants) {
      const { trouble: led } = dependant;
      if (led === null || !led.isOpen || led.cause !== null || !this.isRecent(led)) continue;
      moved.add(led.incident);
      this.attribute(dependant, root);
      this.dependencies.changed(dependant);
    }
    for (const dependant of dependants) {
      const led = dependant.trouble;
      if (led === null || !led.isOpen || led.cause === null || !moved.has(led.cause.incident)) continue;
      this.attribute(dependant, root);
      this.dependencies.changed(dependant);
    }
  }

  /** A watch is restarted with others. Returns the incident that this began with; null: there is none. */
  onFollow(watch: W, followed: readonly string[]): IncidentReference | null {
    const causes = this.dependencies.graph
      .dependenciesOf(watch.watch)
      .filter((one) => followed.includes(one.watch.id))
      .flatMap((one) => (one.trouble?.isOpen === true ? rootOf(one, one.trouble) : (one.runCause ?? [])));
    const cause = earliest(causes);
    if (cause !== null) this.report(cause, watch.watch, 'restarted');
    return cause;
  }

  /** A watch without an incident is not ready any more. */
  onReadinessLost(watch: W): void {
    const cause = this.causeOf(watch);
    if (cause !== null) this.report(cause, watch.watch, 'not_ready');
  }

  private causeOf(watch: W): IncidentReference | null {
    const { graph } = this.dependencies;
    const causes = [...reachable(watch, (one) => graph.dependenciesOf(one))].flatMap((one) => {
      const { trouble } = one;
      return trouble !== null && (trouble.isOpen || this.isRecent(trouble)) ? rootOf(one, trouble) : [];
    });
    return earliest(causes);
  }

  private isRecent({ openedAtMs }: Trouble): boolean {
    return this.dependencies.clock.monotonicMs() - openedAtMs <= SAME_CAUSE_MS;
  }

  private attribute(watch: W, cause: IncidentReference): void {
    const { trouble } = watch;
    if (trouble === null || trouble.incident === cause.incident || trouble.cause?.incident === cause.incident) return;
    watch.attribute(cause);
    const { name } = watch.watch;
    const message = `${name}: its incident is attributed to ${cause.watch}, which it depends on (incident ${cause.incident})`;
    this.dependencies.changeBus.record({
      ...{ type: 'incident_attributed', severity: 'info', watch: name, pid: null },
      ...{ incident: trouble.incident, message, data: { cause } },
    });
    this.report(cause, watch.watch, 'incident', trouble.incident);
  }

  /** The cause shows what it led to. */
  private report(
    cause: IncidentReference,
    { name }: Pick<Watch, 'name'>,
    how: AffectedHow,
    incident: number | null = null,
  ): void {
    const data = { watch: name, incident, how };
    this.dependencies.changeBus.record({
      ...{ type: 'dependant_affected', severity: 'info', watch: cause.watch, pid: null },
      ...{ incident: cause.incident, data },
      message: `${name} is affected, too, since it depends on ${cause.watch}: ${affectedWords(data)}`,
    });
  }
}

function rootOf({ watch }: TroubledWatch, { incident, cause }: Trouble): IncidentReference {
  return cause ?? { watch: watch.name, incident };
}

function earliest(causes: readonly IncidentReference[]): IncidentReference | null {
  return causes.reduce<IncidentReference | null>(
    (best, one) => (best === null || one.incident < best.incident ? one : best),
    null,
  );
}

/** All that are reached from a watch, without itself. */
function reachable<W extends TroubledWatch>(from: W, next: (watch: Watch) => readonly W[]): ReadonlySet<W> {
  const seen = new Set<W>([from]);
  for (const one of seen) for (const other of next(one.watch)) seen.add(other);
  seen.delete(from);
  return seen;
}
