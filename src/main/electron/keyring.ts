import { safeStorage } from 'electron';
import type { Keyring } from '../compose';

/** The keyring of the desktop session: macOS's keychain, Windows's data protection, a secret service on Linux. */
export function sessionKeyring(platform: string): Keyring {
  return {
    isAvailable: () => safeStorage.isEncryptionAvailable() && !(platform === 'linux' && isHardCoded()),
    encrypt: (text) => safeStorage.encryptString(text).toString('base64'),
    decrypt: (base64) => safeStorage.decryptString(Buffer.from(base64, 'base64')),
  };
}

/** Without a secret service Electron encrypts by a password that is in its source: no better than none. */
function isHardCoded(): boolean {
  return safeStorage.getSelectedStorageBackend() === 'basic_text';
}
