const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a with 64 bits over UTF-8, as 16 hex digits: stable over versions and machines, and no protection against anybody. */
export function fnv1a64(text: string): string {
  let hash = OFFSET;
  for (const byte of utf8(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(16).padStart(16, '0');
}

function utf8(text: string): number[] {
  const encoded = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
  return Array.from(encoded.matchAll(/%([0-9A-F]{2})|[^%]/g), ([character, hex]) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}
