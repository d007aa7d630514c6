import { X509Certificate } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { SharedJobs } from './shared-jobs';

/** Where systems keep all certificates that they trust, in PEM: Debian and Alpine, Fedora, openSUSE, macOS. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const MAX_FILE_BYTES = 8_000_000;
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/;

export type Trust = { ok: true; context: SecureContext } | { ok: false; problem: string };

interface ReadTrust {
  /** The file as it was. */
  version: string;
  context: SecureContext;
}

/** Whose certificates are trusted. A file is read again only when it has changed: all of a system take some 10 ms to parse. */
export class TrustedCertificates {
  private readonly known = new Map<string, ReadTrust>();
  private readonly systemJobs = new SharedJobs<Trust>(1);
  /** Apart from those of the system: an operator's file may be on a disk that hangs. */
  private readonly jobs = new SharedJobs<Trust>(1);

  constructor(private readonly systemFiles: readonly string[] = SYSTEM_FILES) {}

  /** `caFile`: instead of those of the system. Never rejects. */
  of(caFile: string | null): Promise<Trust> {
    return caFile === null
      ? this.systemJobs.run('', () => this.ofSystem())
      : this.jobs.run(caFile, () => this.ofFile(caFile));
  }

  private async ofSystem(): Promise<Trust> {
    for (const file of this.systemFiles) {
      const trust = await this.ofFile(file);
      if (trust.ok) return trust;
    }
    // Those that Node brings along.
    return { ok: true, context: createSecureContext() };
  }

  private async ofFile(file: string): Promise<Trust> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(file, 'r');
      const { mtimeMs, ctimeMs, size, ino } = await handle.stat();
      const version = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      const known = this.known.get(file);
      if (known?.version === version) return { ok: true, context: known.context };
      if (size > MAX_FILE_BYTES) return { ok: false, problem: `${file} is too large for a file of certificates` };
      const context = contextOf(await handle.readFile('latin1'));
      if (context === null) return { ok: false, problem: `${file} contains no certificate in PEM` };
      this.known.set(file, { version, context });
      return { ok: true, context };
    } catch (error) {
      return { ok: false, problem: unreadable(file, error as NodeJS.ErrnoException) };
    } finally {
      await handle?.close();
    }
  }
}

function unreadable(file: string, { code = 'unknown error' }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no file ${file} with trusted certificates`;
  return `${file} with trusted certificates can't be read (${code})`;
}

/** null: it has no certificate, which OpenSSL would ignore silently. */
function contextOf(pem: string): SecureContext | null {
  const [first] = CERTIFICATE.exec(pem) ?? [];
  if (first === undefined) return null;
  try {
    new X509Certificate(first);
    return createSecureContext({ ca: pem });
  } catch {
    return null;
  }
}
