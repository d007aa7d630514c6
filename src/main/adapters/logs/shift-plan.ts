/** What is done to the older files before the newest of them becomes `.1`, in this order. */
export interface ShiftPlan {
  remove: readonly string[];
  rename: readonly (readonly [from: string, to: string])[];
}

/**
 * `.1` becomes `.2` and so on, up to the first free number; of `files`, the current one included, nothing beyond is left, also after
 * the setting was lowered. `there` are the names of the folder, which `base` stands in.
 */
export function planShift(there: readonly string[], base: string, files: number): ShiftPlan {
  const older = there.flatMap((name) => (name.startsWith(`${base}.`) ? [name.slice(base.length + 1)] : []));
  const numbers = new Set(older.filter((end) => /^[1-9]\d*$/.test(end)).map(Number));
  let free = 1;
  while (free < files - 1 && numbers.has(free)) free += 1;
  const shifted = Array.from({ length: free - 1 }, (_, index) => free - 1 - index);
  return {
    remove: [...numbers].filter((number) => number >= files).map((number) => `${base}.${number}`),
    rename: shifted.map((number) => [`${base}.${number}`, `${base}.${number + 1}`]),
  };
}
