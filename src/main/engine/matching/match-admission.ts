import type { ProcessSample } from '../../../shared/model/process';
import { ANY_USER, startCommandOf, type Target } from '../../../shared/model/watch';
import type { ProcessFacts } from '../ports';

/**
 * The only user whose processes a target may take; null: any. By default, that is the user of its start command,
 * else the engine's own. A pidfile names one process, and whoever may write it is asked instead.
 */
export function allowedUser(target: Target, ownUser: string | null): string | null {
  if (target.kind === 'command' || target.user === ANY_USER) return null;
  if (target.by === 'pidfile') return target.user;
  return target.user ?? startCommandOf(target)?.user ?? ownUser;
}

/** Whether a process belongs to this user by the scan, by name or number. */
export function isOfUser({ user, uid }: ProcessSample, allowed: string | null): boolean {
  return allowed === null || user === allowed || String(uid) === allowed;
}

/**
 * Why a process is not to be taken although it fits, or null: it is of another world, or not whom the scan took it for.
 * A program that anybody may start as somebody else (sudo, passwd: set-user-ID) acts as that user, with any name that its
 * caller gave it; so the user must have started it, or root, who may leave his own rights behind.
 */
export function whyNotAdmitted(
  sample: ProcessSample,
  facts: ProcessFacts | null,
  target: Target,
  allowed: string | null,
): string | null {
  if (facts === null) return 'it has ended';
  if (target.kind !== 'command' && target.namespaces !== 'any' && facts.foreign !== false) {
    return facts.foreign === true
      ? 'it lives in another pid namespace, as the programs of containers do'
      : 'its pid namespace could not be read, so it may live in a container';
  }
  if (allowed === null || facts.uids === null) return null;
  const { real, effective } = facts.uids;
  if (effective !== sample.uid) return `it acts as user ${effective} by now`;
  return real === effective || real === 0 ? null : `it acts as user ${sample.user} but was started by user ${real}`;
}
