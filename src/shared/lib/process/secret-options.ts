/** What of the value of an option is secret: all of it, or what follows its first `:` or `%`. */
export type SecretPart = 'all' | 'after-colon' | 'after-percent';

/** An option of a known program, and whether its value follows in the same word, in the next one, or in either. */
interface KnownOption {
  option: string;
  value: 'attached' | 'next' | 'either';
  part: SecretPart;
}

const option = (option: string, value: KnownOption['value'], part: SecretPart = 'all'): KnownOption => ({
  option,
  value,
  part,
});

/** Short options that mean something else in other programs, where `-p` is a port or a pid. */
const KNOWN: readonly (readonly [programs: RegExp, options: readonly KnownOption[]])[] = [
  [/^(?:mysql\w*|mariadb[\w-]*|mycli|innobackupex|xtrabackup|mytop)$/, [option('-p', 'attached')]],
  [/^(?:mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|mongostat|mongotop)$/, [option('-p', 'either')]],
  [/^(?:redis-cli|valkey-cli|keydb-cli)$/, [option('-a', 'next')]],
  [/^(?:sshpass|7z|7za|7zr|rar|unrar)$/, [option('-p', 'either')]],
  // `docker login`, `helm registry login`, `az login`: before that word -p is a port.
  [/^login$/, [option('-p', 'next')]],
  [
    /^(?:curl|curlie)$/,
    [
      option('-u', 'either', 'after-colon'),
      option('-U', 'either', 'after-colon'),
      option('--user', 'next', 'after-colon'),
    ],
  ],
  [/^(?:http|https|xh|xhs)$/, [option('-a', 'next', 'after-colon')]],
  [
    /^(?:ldap(?:search|modify|add|delete|whoami|passwd|compare|modrdn)|amqp-\w+|pg_activity)$/,
    [option('-w', 'either')],
  ],
  [/^(?:smbclient|rpcclient|net|smbget|mount\.cifs|winexe|wmic)$/, [option('-U', 'either', 'after-percent')]],
  [/^(?:zip|unzip|sqlcmd|bcp|isql|tsql|mosquitto_pub|mosquitto_sub|mosquitto_rr|ipmitool)$/, [option('-P', 'either')]],
  [/^(?:snmp\w+)$/, [option('-c', 'next'), option('-A', 'next'), option('-X', 'next')]],
  [/^(?:openssl)$/, [option('-k', 'next'), option('-K', 'next')]],
];

/** Long options that hold a name and a password, in whatever program. */
const NAME_AND_PASSWORD = /^--?(?:proxy-user|userpwd|auth|basic-auth|http-auth|creds)$/;

/** The options of a program by the name of its file, or null where it is none of those that are known. */
export function knownOptions(word: string): readonly KnownOption[] | null {
  const program = word
    .slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1)
    .replace(/\.exe$/i, '')
    .toLowerCase();
  return KNOWN.find(([programs]) => programs.test(program))?.[1] ?? null;
}

/** What one of these options makes of its own word (`at` is where the secret begins), or of the next one. */
export function secretOf(
  word: string,
  options: readonly KnownOption[],
): { where: 'word'; at: number; part: SecretPart } | { where: 'next'; part: SecretPart } | null {
  for (const { option, value, part } of options) {
    if (word === option && value !== 'attached') return { where: 'next', part };
    if (word.length > option.length && word.startsWith(option) && value !== 'next' && !word.startsWith('--')) {
      return { where: 'word', at: option.length, part };
    }
    // Several short options in one word: -su NAME:PASSWORD.
    if (value !== 'attached' && /^-[a-zA-Z]{2,6}$/.test(word) && word.endsWith(option.slice(1)) && part !== 'all') {
      return { where: 'next', part };
    }
  }
  return NAME_AND_PASSWORD.test(word) ? { where: 'next', part: 'after-colon' } : null;
}
