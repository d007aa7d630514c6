import type { z } from 'zod';

/** The first few faults of a value with their paths: `watches[0].name: expected …; settings["stop.graceMs"]: …`. */
export function issuesText(error: z.ZodError): string {
  const shown = error.issues.slice(0, 3).map((issue) => `${pathText(issue.path) || 'the file'}: ${issue.message}`);
  const more = error.issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      return /^[\w$]+$/.test(name) ? `${index === 0 ? '' : '.'}${name}` : `[${JSON.stringify(name)}]`;
    })
    .join('');
}
