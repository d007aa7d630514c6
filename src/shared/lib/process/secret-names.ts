/** Nouns that end the name of something secret: `--db-password`, `clientSecret`, `GITHUB_TOKEN`, also without a hyphen before. */
const SECRET_ENDING =
  /(?:passwords?|passwd|passphrase|passcode|passwort|secrets?|tokens?|credentials?|(?:api|access|private|secret|encryption|auth|signing|account)key|setcookie|requirepass|masterauth)$/;
/** Nouns that are too short to be looked for within a word. */
const SECRET_NOUN = /(?:^|-)(?:pass|pwd|pw|cookie|jwt|bearer|dsn|session-?id|auth-?key)$/;
const SECRET_KEY =
  /(?:^|-)(?:api|access|private|secret|encryption|auth|account|master|signing|license|shared|storage|service|deploy|client|subscription|consumer|function|admin|instrumentation)-keys?$/;
/** Switches and numbers whose name holds such a noun: `--no-password`, `--ask-pass`, `--max-tokens`. */
const PLAIN_NAME =
  /^(?:(?:no|without|ask|prompt|disable|enable|use|require|allow|skip|show|hide|with|is|has|reset|change|gen|generate|rotate|verify|check|list)-|(?:(?:max|min|num|number-of|n|total)-(?:[a-z]+-)?(?:tokens?|passwords?)|oldpwd)$)/;

/** `dbPassword`, `DB_PASSWORD` and `db.password` as `db-password`; without the number at the end of `password2`. */
function normalized(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1-$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1-$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-?\d{0,3}$|-+$/g, '');
}

/**
 * Whether the value behind a name (of an option, a variable, a header, a field) is a secret. `words` are further ones of the
 * operator: a name that contains one is secret, whatever else it contains.
 */
export function isSecretName(name: string, words: readonly string[] = []): boolean {
  const plain = normalized(name);
  if (hasWord(name, words)) return true;
  return !PLAIN_NAME.test(plain) && (SECRET_ENDING.test(plain) || SECRET_NOUN.test(plain) || SECRET_KEY.test(plain));
}

/** Whether a name contains one of these words, in any case and spelling. */
export function hasWord(name: string, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const plain = normalized(name);
  return words.some((word) => normalized(word) !== '' && plain.includes(normalized(word)));
}

const PATH = /^(?:\/|\.{1,2}\/|~|[A-Za-z]:[\\/])|\.(?:pem|key|crt|cer|p12|pfx|jks|ppk|txt|json|jar)$/i;
const SWITCH = /^(?:|-|true|false|yes|no|on|off|none|null|required|optional|prompt|stdin|default)$/i;
/** Where a program is to read the secret from, as openssl and docker write it. */
const ELSEWHERE = /^(?:(?:file|env|fd):|stdin$|(?:type=\w+,)?id=)/;

/** Whether the value behind a secret name is not a secret: a switch, a number of tokens, the path of a key. */
export function isPlainValue(name: string, value: string): boolean {
  if (SWITCH.test(value) || ELSEWHERE.test(value)) return true;
  const plain = normalized(name);
  if (/(?:key|keys|pwd|cookie)$/.test(plain) && PATH.test(value)) return true;
  if (/(?:^|-)cookie$/.test(plain) && !value.includes('=')) return !/setcookie$/.test(plain);
  // `--tokens 4096` is a number of them, and ffmpeg's `-pass 1` a run.
  return (/(?:^|-)tokens$/.test(plain) && /^\d{1,7}$/.test(value)) || (plain === 'pass' && /^\d$/.test(value));
}
