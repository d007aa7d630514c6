import type { Watch } from '../model/watch';
import { dependenciesOf, inStartOrder } from './dependency-order';

/** What is done to several watches. */
export type OrderedAction = 'start' | 'stop' | 'restart';

/**
 * The watches in waves: each wave is through before the next one begins. What others of them wait for is started and restarted before
 * these, and stopped after them.
 */
export function inActionOrder<T extends { watch: Pick<Watch, 'name' | 'after'> }>(
  action: OrderedAction,
  shown: readonly T[],
): readonly (readonly T[])[] {
  const watches = shown.map(({ watch }) => watch);
  const waveOf = new Map<string, number>();
  for (const watch of inStartOrder(watches, watches)) {
    const before = dependenciesOf(watch, watches).map(({ name }) => waveOf.get(name) ?? -1);
    waveOf.set(watch.name, Math.max(-1, ...before) + 1);
  }
  const waves: T[][] = [];
  for (const one of shown) (waves[waveOf.get(one.watch.name) ?? 0] ??= []).push(one);
  const filled = waves.filter((wave) => wave.length > 0);
  return action === 'stop' ? filled.reverse() : filled;
}
