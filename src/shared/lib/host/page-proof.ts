/*
 * How a page of the dashboard and the engine prove to each other that they belong to the same session, at the beginning of each
 * connection. A cookie alone proves nothing: browsers send it to every port of the machine, and a program that takes the port
 * while the engine is restarted gets it too. So both sides know a key that is never sent again once the page has it:
 *
 *   page   → engine  { nonce }           random
 *   engine → page    { nonce, proof }    random, and the engine's signature over both: another program on this port ends here
 *   page   → engine  { proof }           the page's signature over both
 *   engine → page    { ready: true }     calls may follow
 *
 * Whoever listens, or answers in place of the engine, learns nothing that can be used again: both sides choose each time what is
 * signed, what is signed names the side, and the origin of the page, so nothing can be passed on to an engine on another port.
 */

/** Close code of a connection whose page could not prove that it belongs to the session. */
export const UNPROVEN_CLOSE_CODE = 4401;
/** Where the page keeps the key: in the memory of its tab, which no other port or tab can read. */
export const PAGE_KEY_ITEM = 'healdeck.session';

const MAX_MESSAGE_LENGTH = 512;
const NONCE = /^[\w-]{43}$/;

/** One end of a connection: messages are text, in order. */
export interface ProofChannel {
  send(text: string): void;
  /** The next message. Rejects when the connection ends before it. */
  next(): Promise<string>;
}

/** The key that both sides know, and what is done with it. */
export interface ProofKey {
  /** 32 random bytes, base64url. */
  nonce(): string;
  /** HMAC-SHA-256 of the text, base64url. */
  sign(text: string): Promise<string>;
}

/** The engine's side. Resolves to whether the page knows the key; then `ready` is still to be sent, by {@link sendReady}. */
export async function provePage(channel: ProofChannel, key: ProofKey, origin: string): Promise<boolean> {
  const theirs = parse(await channel.next())['nonce'];
  if (typeof theirs !== 'string' || !NONCE.test(theirs)) return false;
  const mine = key.nonce();
  const signed = [origin, theirs, mine].join('|');
  channel.send(JSON.stringify({ nonce: mine, proof: await key.sign(`engine|${signed}`) }));
  return isSame(parse(await channel.next())['proof'], await key.sign(`page|${signed}`));
}

/** Lets the page begin with its calls. */
export function sendReady(channel: Pick<ProofChannel, 'send'>): void {
  channel.send(JSON.stringify({ ready: true }));
}

/** The page's side. Resolves to whether the other end is the engine of this session, once calls may be made. */
export async function proveEngine(channel: ProofChannel, key: ProofKey, origin: string): Promise<boolean> {
  const mine = key.nonce();
  channel.send(JSON.stringify({ nonce: mine }));
  const answer = parse(await channel.next());
  const theirs = answer['nonce'];
  if (typeof theirs !== 'string' || !NONCE.test(theirs)) return false;
  const signed = [origin, mine, theirs].join('|');
  if (!isSame(answer['proof'], await key.sign(`engine|${signed}`))) return false;
  channel.send(JSON.stringify({ proof: await key.sign(`page|${signed}`) }));
  return parse(await channel.next())['ready'] === true;
}

function parse(text: string): Record<string, unknown> {
  if (text.length > MAX_MESSAGE_LENGTH) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Each signature is compared once, over a nonce of this side: its duration reveals nothing about the next one. */
function isSame(given: unknown, expected: string): boolean {
  return typeof given === 'string' && given === expected;
}
