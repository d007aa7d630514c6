/** A clause of the engine as a sentence of its own: with a capital at its beginning and a full stop at its end. */
export function sentence(clause: string): string {
  const trimmed = clause.trim();
  if (trimmed === '') return '';
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? '' : '.'}`;
}
