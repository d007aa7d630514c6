import { MASK, secretMask, type SecretMask } from '../../../shared/lib/process/mask-secrets';

/** A shorter beginning of a secret may be anything. */
const MIN_BEGIN = 4;

/** A mask for what a server answers that got these values in its header: it may send back the whole, or what it has read of it. */
export function headerMask(values: readonly string[], mask: SecretMask): SecretMask {
  const parts = values.flatMap(partsOf);
  const known = secretMask(parts);
  return (text) => mask(withoutBegun(known(text), parts));
}

/** `Bearer TOKEN` has its token, `Basic BASE64` a user and a password. */
function partsOf(value: string): string[] {
  const [, scheme, credentials] = /^([A-Za-z-]+) +(.+)$/.exec(value.trim()) ?? [];
  if (scheme === undefined || credentials === undefined) return [value.trim()];
  const basic = /^basic$/i.test(scheme) ? Buffer.from(credentials, 'base64').toString() : '';
  return [value.trim(), credentials, basic, basic.slice(basic.indexOf(':') + 1)].filter((part) => part !== '');
}

/** What was read may end in the middle of one. */
function withoutBegun(text: string, secrets: readonly string[]): string {
  const lengths = secrets.map((secret) => {
    let length = Math.min(secret.length, text.length);
    while (length >= MIN_BEGIN && !text.endsWith(secret.slice(0, length))) length -= 1;
    return length < MIN_BEGIN ? 0 : length;
  });
  const longest = Math.max(...lengths);
  return longest === 0 ? text : `${text.slice(0, -longest)}${MASK}`;
}
