import type { z } from 'zod';

/** Something that outlives the window. */
export interface Kept<T> {
  read(): T;
  write(value: T): void;
}

/** For where nothing can be kept. */
export function keptNowhere<T>(standard: T): Kept<T> {
  return { read: () => standard, write: () => undefined };
}

/** Keeps it in the storage of a browser, which may be full, forbidden or written by another version. */
export function keptIn<T>(
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
  key: string,
  { schema, standard }: { schema: z.ZodType<T>; standard: T },
): Kept<T> {
  return {
    read: () => {
      try {
        const parsed = schema.safeParse(JSON.parse(storage().getItem(key) ?? 'null'));
        return parsed.success ? parsed.data : standard;
      } catch {
        return standard;
      }
    },
    write: (value) => {
      try {
        storage().setItem(key, JSON.stringify(value));
      } catch {
        // Then it is forgotten with the window.
      }
    },
  };
}
