import { hasWord } from './secret-names';

/** Words in the name of a variable that holds something to be kept to oneself. */
const SECRET_NAME =
  /passw|passphrase|passcode|secret|token|credential|cookie|api_?key|(?:^|_)(?:pass|pwd|pw|pat|auth|key|keys|sas|dsn|salt|jwt|bearer|webhook)(?:_|$)|[a-z](?:key|pwd)$/i;
/** An address with a password in it, as in `postgres://ada:secret@db/app`. */
export const PASSWORD_IN_ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i;
/** `Server=db;User=ada;Password=secret`. */
const PASSWORD_IN_TEXT = /(?:^|[\s;&?,])(?:password|passwd|pwd|(?:account|shared_?access)_?key)\s*=\s*[^\s;&]/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a variable of an environment looks as if nobody but the program should see its value. `words` are further ones of names. */
export function looksSecret(name: string, value: string, words: readonly string[] = []): boolean {
  return (
    SECRET_NAME.test(name) ||
    hasWord(name, words) ||
    PASSWORD_IN_ADDRESS.test(value) ||
    PASSWORD_IN_TEXT.test(value) ||
    PRIVATE_KEY.test(value)
  );
}
