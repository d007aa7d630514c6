/** A TCP port to listen on; 0 asks for any free one. Throws with what was expected. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new Error(`expected a port from 1 to 65535, or 0 for any free one, got "${text}"`);
  }
  return port;
}
