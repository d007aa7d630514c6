import type { z } from 'zod';
import { jsonPathLine } from '../../../shared/lib/text/json-position';

/**
 * The first few faults of a value with their paths: `watches[0].name: expected …; settings["stop.graceMs"]: …`; each with its
 * line when the JSON text is given.
 */
export function issuesText(error: z.ZodError, text: string | null = null): string {
  const shown = error.issues.slice(0, 3).map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? null) : null;
    const path = unknown === null ? issue.path : [...issue.path, unknown];
    const line = text === null ? '' : `line ${jsonPathLine(text, path)}, `;
    return `${line}${pathText(path) || 'the file'}: ${issue.message}`;
  });
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
