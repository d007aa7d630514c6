import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_FILE = 'dashboard.key';
const KEY_BYTES = 32;
const LIFETIME_SECONDS = 30 * 86_400;

/**
 * The cookie of a browser that has shown a token: an expiry signed with a key of the data directory, so that an open dashboard
 * goes on working when the engine is restarted. Removing the key file logs every browser out.
 */
export class SessionCookie {
  /** Cookies ignore ports (RFC 6265, 8.5): two engines on one machine tell theirs apart by name. */
  readonly name: string;

  constructor(
    private readonly key: Buffer,
    private readonly port: number,
    private readonly wallMs: () => number,
  ) {
    this.name = `healdeck_${port}`;
  }

  /** A fresh `set-cookie` value. Without `Secure`: the connection is plain HTTP, and never leaves the machine. */
  issue(): string {
    const expiresAt = Math.floor(this.wallMs() / 1000) + LIFETIME_SECONDS;
    const claim = `${expiresAt}.${randomBytes(12).toString('base64url')}`;
    const attributes = `Path=/; Max-Age=${LIFETIME_SECONDS}; HttpOnly; SameSite=Strict`;
    return `${this.name}=${claim}.${this.sign(claim)}; ${attributes}`;
  }

  /** Whether a request's `cookie` header holds a valid one. */
  isIn(cookieHeader: string | undefined): boolean {
    return (cookieHeader ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${this.name}=`))
      .some((pair) => this.isValid(pair.slice(this.name.length + 1)));
  }

  private isValid(value: string): boolean {
    const [expiresAt = '', random = '', signature = ''] = value.split('.');
    const expected = Buffer.from(this.sign(`${expiresAt}.${random}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    return Number(expiresAt) > this.wallMs() / 1000;
  }

  private sign(claim: string): string {
    return createHmac('sha256', this.key).update(`healdeck session|${this.port}|${claim}`).digest('base64url');
  }
}

/** The signing key of a data directory, made at the first use; a damaged one is replaced. */
export function loadSessionKey(dataDir: string): Buffer {
  const path = join(dataDir, KEY_FILE);
  try {
    const key = readFileSync(path);
    chmodSync(path, 0o600);
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(KEY_BYTES);
  rmSync(path, { force: true });
  writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
  return key;
}
