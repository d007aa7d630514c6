import { InvalidArgumentError } from 'commander';

/** A parser as commander wants it: a wrong value is a wrong usage. */
export function parsed<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
