import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { DeliveryProblem } from '../../../shared/model/delivery';

export type Trust = { ok: true; secureContext: SecureContext | null } | { ok: false; problem: DeliveryProblem };

/** Whose certificates are trusted: those that Node trusts, and those in the file beside them. */
export function readTrust(caFile: string | null): Trust {
  if (caFile === null) return { ok: true, secureContext: null };
  try {
    const pem = readFileSync(caFile, 'utf8');
    // OpenSSL would silently ignore what is not a certificate.
    new X509Certificate(pem);
    return { ok: true, secureContext: createSecureContext({ ca: [...rootCertificates, pem], minVersion: 'TLSv1.2' }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? "can't be read" : 'contains no certificate';
    const problem: DeliveryProblem = {
      step: 'configuration',
      message: `The file of mail.caFile ${reason}: ${caFile}.`,
      advice: 'Set mail.caFile to a PEM file that Healdeck can read, or to none.',
      temporary: true,
    };
    return { ok: false, problem };
  }
}
