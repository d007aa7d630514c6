const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Order of names: letters in any case, numbers by value. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}
