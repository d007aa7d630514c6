/** What operators call a watch by: its id or its name. */
interface Named {
  watch: { id: string; name: string };
}

/** The first of those whose watch has this id, or else this name; undefined when there is none. */
export function findByReference<T extends Named>(those: Iterable<T>, reference: string): T | undefined {
  const all = [...those];
  return all.find(({ watch }) => watch.id === reference) ?? all.find(({ watch }) => watch.name === reference);
}

/** The error when there is none. */
export function unknownWatchText(reference: string): string {
  return `No watch is called "${reference}"; expected one of those that "healdeck status" lists`;
}

/** The error when the name is that of a watch with instances, and one of them is meant. */
export function severalText(name: string, instances: readonly string[]): string {
  return `${name} is kept as ${instances.length} instances; expected one of them: ${instances.join(', ')}`;
}
