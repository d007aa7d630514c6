import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate with its private key, both as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** A certificate authority of a test. */
export interface Authority {
  /** Its own certificate, as PEM: what `mail.caFile` would hold. */
  cert: string;
  issue(options?: CertificateOptions): Certificate;
}

export interface CertificateOptions {
  /** Names and IPv4 addresses that it is valid for; 127.0.0.1 and localhost by default. */
  names?: readonly string[];
  /** Days from now to the end of its validity; negative: it has expired. */
  days?: number;
}

const LOOPBACK = ['127.0.0.1', 'localhost'];
const DAY_MS = 86_400_000;

/** An authority that nobody knows but who is given its certificate. */
export function createAuthority(name = 'Healdeck test authority'): Authority {
  const pair = newKeyPair();
  const self = { name, key: pair.privateKey };
  const cert = signed({
    subject: name,
    publicKey: pair.publicKey,
    issuer: self,
    days: 30,
    extensions: [authorityOnly()],
  });
  return {
    cert,
    issue: ({ names = LOOPBACK, days = 30 } = {}) => {
      const { publicKey, privateKey } = newKeyPair();
      const subject = names[0] ?? 'nobody';
      const issued = signed({ subject, publicKey, issuer: self, days, extensions: [alternativeNames(names)] });
      return { cert: issued, key: pem(privateKey) };
    },
  };
}

/** A certificate that is its own authority. */
export function selfSigned({ names = LOOPBACK, days = 30 }: CertificateOptions = {}): Certificate {
  const { publicKey, privateKey } = newKeyPair();
  const subject = names[0] ?? 'nobody';
  const issuer = { name: subject, key: privateKey };
  const cert = signed({ subject, publicKey, issuer, days, extensions: [alternativeNames(names)] });
  return { cert, key: pem(privateKey) };
}

const newKeyPair = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Contents {
  subject: string;
  publicKey: KeyObject;
  issuer: { name: string; key: KeyObject };
  days: number;
  extensions: readonly Buffer[];
}

/** An X.509 certificate, version 3 (RFC 5280), signed with ECDSA: as much of it as a TLS client looks at. */
function signed({ subject, publicKey, issuer, days, extensions }: Contents): string {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const end = Date.now() + days * DAY_MS;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(issuer.name),
    sequence(time(Math.min(Date.now(), end) - DAY_MS), time(end)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(keyIdentifier(publicKey), ...extensions)),
  );
  const der = sequence(body, algorithm, bits(sign('sha256', body, issuer.key)));
  // OpenSSL refuses an empty line, which a length that is a multiple of 64 would leave at the end.
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALTERNATIVE_NAME = '551d11';
const SUBJECT_KEY_IDENTIFIER = '551d0e';

/** One value of DER: tag, length, contents (ITU-T X.690). */
function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...contents: readonly Buffer[]): Buffer => tagged(0x30, ...contents);
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const octets = (bytes: Buffer): Buffer => tagged(0x04, bytes);
const bits = (bytes: Buffer): Buffer => tagged(0x03, Buffer.from([0]), bytes);
const TRUE = tagged(0x01, Buffer.from([0xff]));

function time(at: number): Buffer {
  return tagged(0x18, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(COMMON_NAME), tagged(0x0c, Buffer.from(name)))));
}

function authorityOnly(): Buffer {
  return sequence(oid(BASIC_CONSTRAINTS), TRUE, octets(sequence(TRUE)));
}

function keyIdentifier(key: KeyObject): Buffer {
  const digest = createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
  return sequence(oid(SUBJECT_KEY_IDENTIFIER), octets(octets(digest)));
}

function alternativeNames(names: readonly string[]): Buffer {
  const each = names.map((name) =>
    isIPv4(name) ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name)),
  );
  return sequence(oid(SUBJECT_ALTERNATIVE_NAME), octets(sequence(...each)));
}
