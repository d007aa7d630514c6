import type { Argument } from 'commander';

/** An argument of a command as its help has it: `<name>`, `[name...]`. */
export function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
