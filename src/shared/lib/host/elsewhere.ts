/** The host of an address that may not be whole yet; empty: it has none. */
export function hostOfUrl(url: string): string {
  return /^https?:\/\/(\[[^\]]*\]|[^/?#:]*)/i.exec(url)?.[1] ?? '';
}

/** Whether a host is another machine than this one, which is called `hostname`, as far as its name shows. */
export function isElsewhere(host: string, hostname: string | null): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (name === '' || name === hostname?.toLowerCase()) return false;
  return !/^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|::1?)$/.test(name);
}
