import { startCommandOf, type Watch } from '../model/watch';

/** Words in the name of a variable that holds something to be kept to oneself. */
const SECRET_NAME =
  /passw|passphrase|passcode|secret|token|credential|cookie|api_?key|(?:^|_)(?:pass|pwd|pw|pat|auth|key|keys|sas|dsn|salt|jwt|bearer|webhook)(?:_|$)|[a-z](?:key|pwd)$/i;
/** An address with a password in it, as in `postgres://ada:secret@db/app`. */
const PASSWORD_IN_ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i;
/** `Server=db;User=ada;Password=secret`. */
const PASSWORD_IN_TEXT = /(?:^|[\s;&?,])(?:password|passwd|pwd|(?:account|shared_?access)_?key)\s*=\s*[^\s;&]/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a variable of an environment looks as if nobody but the program should see its value. */
export function looksSecret(name: string, value: string): boolean {
  return (
    SECRET_NAME.test(name) || PASSWORD_IN_ADDRESS.test(value) || PASSWORD_IN_TEXT.test(value) || PRIVATE_KEY.test(value)
  );
}

/** Values in the environments of watches that look secret, and the passwords of addresses alone. */
export function watchSecrets(watches: readonly Pick<Watch, 'target'>[]): readonly string[] {
  return watches.flatMap(({ target }) =>
    Object.entries(startCommandOf(target)?.env ?? {}).flatMap(([name, value]) => {
      if (!looksSecret(name, value)) return [];
      const password = PASSWORD_IN_ADDRESS.exec(value)?.[1];
      return password === undefined ? [value] : [value, password];
    }),
  );
}
