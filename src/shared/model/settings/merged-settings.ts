import type { SettingDefinition } from './kinds';

/** Settings by their keys. */
export type SettingTable = Readonly<Record<string, SettingDefinition<unknown>>>;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

/** The settings of several findings or channels as one table, in their order. */
export function mergedSettings<const T extends readonly { settings: SettingTable }[]>(
  owners: T,
): Intersection<T[number]['settings']> {
  return Object.assign({}, ...owners.map(({ settings }) => settings)) as Intersection<T[number]['settings']>;
}
