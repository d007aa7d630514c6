/** What is done to several watches, one after the other. */
export type OrderedAction = 'start' | 'stop' | 'restart';

/** The order in which an action reaches watches: that of the list, since none depends on another. */
export function inActionOrder<T>(_action: OrderedAction, watches: readonly T[]): readonly T[] {
  return watches;
}
