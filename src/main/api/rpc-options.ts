import type { Actor } from '../../shared/model/event';
import type { CallContext, HealdeckRouter } from './router';

/** What each transport needs; the router does the rest. */
export interface TransportOptions {
  router: HealdeckRouter;
  /** The kind of client on the other end. */
  actor: Actor;
}

/** The one place that decides with what context calls are served, whatever carried them. */
export function callOptions(actor: Actor): { context: CallContext } {
  return { context: { actor } };
}
