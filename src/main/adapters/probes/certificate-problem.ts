import type { Certificate, TLSSocket } from 'node:tls';
import { pluralNoun } from '../../../shared/lib/format/values';

const DAY_MS = 86_400_000;

/** What is asked of the certificate of a server. */
export interface CertificateDemand {
  host: string;
  /** It has to be valid for so many days more; null: for now. */
  days: number | null;
  /** Wall time, ms. */
  nowMs: number;
}

/** Why the certificate of an open connection is not accepted, in words that hold text of the server; or null. */
export function certificateProblem(socket: TLSSocket, { host, days, nowMs }: CertificateDemand): string | null {
  const certificate = socket.getPeerCertificate();
  const expiresAt = Date.parse(certificate.valid_to);
  if (!socket.authorized) {
    const code = codeOf(socket.authorizationError);
    switch (code) {
      case 'CERT_HAS_EXPIRED':
        return expiresAt <= nowMs
          ? `certificate expired on ${dateOf(expiresAt)}`
          : 'certificate is signed by one that has expired';
      case 'CERT_NOT_YET_VALID':
        return `certificate is not valid before ${dateOf(Date.parse(certificate.valid_from))}`;
      case 'DEPTH_ZERO_SELF_SIGNED_CERT':
        return 'certificate is self-signed, and not among those that are trusted';
      case 'SELF_SIGNED_CERT_IN_CHAIN':
      case 'UNABLE_TO_GET_ISSUER_CERT':
      case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
        return `certificate is issued by an authority that is not trusted: ${nameOf(certificate.issuer)}`;
      case 'ERR_TLS_CERT_ALTNAME_INVALID':
        return `certificate is not for ${host}, but for ${certificate.subjectaltname ?? nameOf(certificate.subject)}`;
      default:
        return `certificate is not accepted (${code})`;
    }
  }
  if (days === null || expiresAt - nowMs >= days * DAY_MS) return null;
  const left = Math.floor((expiresAt - nowMs) / DAY_MS);
  return `certificate expires in ${left} ${pluralNoun(left, 'day')} (${dateOf(expiresAt)}), expected at least ${days}`;
}

/** Node has the code of OpenSSL here, or an error of its own for a wrong name; its types know the error only. */
function codeOf(problem: unknown): string {
  return problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? problem.message) : String(problem);
}

function nameOf(subject: Certificate | undefined): string {
  return [subject?.CN ?? subject?.O ?? 'one without a name'].flat().join(', ');
}

/** `2026-12-06`, in UTC. */
function dateOf(atMs: number): string {
  return Number.isNaN(atMs) ? 'an unknown date' : new Date(atMs).toISOString().slice(0, 10);
}
