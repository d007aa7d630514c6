import { instanceNumberOf } from '../../shared/lib/instances';
import { findByReference, unknownWatchText } from '../../shared/lib/watch-reference';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { Watch } from '../../shared/model/watch';
import type { EngineConnection } from '../client';
import { afterColon, CliFailure } from '../failure';

/** The instances of the watch of this name; none where it has none. */
export function instancesOf(all: readonly WatchStatus[], name: string): readonly WatchStatus[] {
  return all.filter(({ instance }) => instance?.of.name === name);
}

/** The names that a command line means by one: all instances of a watch that has some, else itself. */
export function namesMeant(all: readonly WatchStatus[], name: string): readonly string[] {
  const members = instancesOf(all, name).filter(({ instance }) => instance?.leaving !== true);
  return members.length === 0 ? [name] : members.map(({ watch }) => watch.name);
}

/** The definition of the watch of this name or id. Fails when there is none, or it is that of an instance. */
export async function findDefinition(client: EngineConnection['client'], reference: string): Promise<Watch> {
  const all = await client.watches.list();
  const [member] = instancesOf(all, reference);
  if (member?.instance !== undefined) return member.instance.of;
  const found = findByReference(all, reference);
  if (found === undefined) throw new CliFailure(afterColon(unknownWatchText(reference)));
  const { watch, instance } = found;
  if (instance === undefined) return watch;
  if (instanceNumberOf(reference) === null) return instance.of;
  throw new CliFailure(`${watch.name} is an instance of ${instance.of.name}; expected ${instance.of.name}`);
}
