/** The Message-ID of a new message (RFC 5322, 3.6.4); `id` is unique in this Healdeck. */
export function messageIdOf(id: string, hostname: string): string {
  return `<healdeck.${id}@${hostname.replace(/[^A-Za-z0-9.-]+/g, '-') || 'localhost'}>`;
}
