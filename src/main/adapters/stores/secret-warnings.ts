import { pluralNoun } from '../../../shared/lib/format/values';
import { secretVariable, type SecretName } from '../../../shared/model/secret';

/** What the operator should know when `secrets.json` can't be read, for this reason. */
export function unreadableWarning(reason: string): string {
  return `secrets.json can't be read (${reason}), so Healdeck runs without the secrets in it: check the permissions of the file and start Healdeck again.`;
}

/** The same of secrets that are not encrypted: one sentence about all of them, or none. */
export function plainWarnings(names: readonly SecretName[], hasKeyring: boolean): readonly string[] {
  if (names.length === 0) return [];
  const what = `${names.join(', ')} ${pluralNoun(names.length, 'is', 'are')} not encrypted`;
  const reason = hasKeyring
    ? 'set here by "healdeck secrets set" or in the settings, the keyring encrypts it, and then only an engine with this keyring can open it.'
    : 'this engine has no keyring, so only the mode 0600 of secrets.json keeps others from reading it.';
  return [`${what}: ${reason}`];
}

/** The same of secrets that can't be opened: a sentence about each. */
export function lockedWarnings(names: readonly SecretName[], hasKeyring: boolean): readonly string[] {
  return names.map((name) => {
    const variable = secretVariable(name);
    const how = variable === null ? '' : `, give it as ${variable}`;
    const reason = hasKeyring ? 'and the keyring of this session is another one' : 'which this engine does not have';
    return `${name} was encrypted by the keyring of a desktop session, ${reason}: set it again by "healdeck secrets set ${name}"${how}, or run Healdeck in that session.`;
  });
}
