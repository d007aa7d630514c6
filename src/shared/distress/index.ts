import type { DistressDefinition } from './definition';
import { DISTRESSES } from './list';

export { DISTRESSES };

/** A way in which the machine can be in distress. */
export type DistressKind = (typeof DISTRESSES)[number]['kind'];

const BY_KIND = new Map<string, DistressDefinition>(DISTRESSES.map((one) => [one.kind, one]));

/** How a kind is described; undefined for one that only another version knows. */
export function distressNamed(kind: string): DistressDefinition | undefined {
  return BY_KIND.get(kind);
}
