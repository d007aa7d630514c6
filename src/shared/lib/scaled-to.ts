import { MAX_INSTANCES, type Instances, type ScaleChange } from '../model/instances';
import type { Watch } from '../model/watch';
import { instancesText } from './instances';

export type Scaled = { ok: true; instances: Instances } | { ok: false; error: string };

/** The instances of a watch after a change of their number; else what the watch allows, and how to allow more. */
export function scaledTo({ name, instances }: Pick<Watch, 'name' | 'instances'>, change: ScaleChange): Scaled {
  if (instances === undefined) {
    return refused(`${name} has no instances; expected some, as in: healdeck edit "${name}" --instances 1..4`);
  }
  const count = 'to' in change ? change.to : instances.count + change.by;
  if (count > MAX_INSTANCES) return refused(`Expected at most ${MAX_INSTANCES} instances of ${name}, got ${count}`);
  const { min, max } = instances;
  if (min <= count && count <= max) return { ok: true, instances: { ...instances, count } };
  const wider = `${Math.min(min, Math.max(1, count))}..${Math.max(max, count)}`;
  return refused(
    `Expected ${instancesText(instances)} instances of ${name}, got ${count}; to allow others: healdeck edit "${name}" --instances ${wider}`,
  );
}

const refused = (error: string): Scaled => ({ ok: false, error });
