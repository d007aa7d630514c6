import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../engine/ports';
import type { PeerUser } from './peer-user';

const ID_BYTES = 32;
const KEY_BYTES = 32;
/** How long a session lasts when no page of it is open, in ms. */
export const SESSION_IDLE_MS = 15 * 60_000;
/** One more ends the one that was used the longest time ago. */
const MAX_SESSIONS = 32;

/** A browser that has redeemed a token. It ends by disuse, by misuse, and with the engine: nothing of it is ever written to a disk. */
export interface Session {
  /** Who has redeemed the token: nobody else may use the session. */
  readonly peer: PeerUser;
  /** What the page of the session signs with, to prove that it has more than the cookie. */
  readonly key: Buffer;
  /** Renews the session for as long as a page is open. `end` is called when the session ends before; returns what to call at its end. */
  open(end: () => void): () => void;
  /** Ends it, and all its open pages. */
  end(): void;
}

/** What a browser gets for a token. */
export interface NewSession {
  session: Session;
  /** Value of the cookie. */
  id: string;
}

/** The sessions of this run of the engine. */
export class Sessions {
  /** Hash of the id → session. */
  private readonly sessions = new Map<string, { session: Session; pages: Set<() => void>; usedMs: number }>();

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  begin(peer: PeerUser): NewSession {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const pages = new Set<() => void>();
    const touch = (): void => {
      const entry = this.sessions.get(hash(id));
      if (entry !== undefined) entry.usedMs = this.clock.monotonicMs();
    };
    const session: Session = {
      peer,
      key: randomBytes(KEY_BYTES),
      open: (end) => {
        // It may have ended while it was found out who asks.
        if (!this.sessions.has(hash(id))) end();
        pages.add(end);
        return () => {
          if (pages.delete(end)) touch();
        };
      },
      end: () => {
        this.sessions.delete(hash(id));
        for (const end of pages) end();
        pages.clear();
      },
    };
    this.sessions.set(hash(id), { session, pages, usedMs: this.clock.monotonicMs() });
    this.endTheUnused();
    return { session, id };
  }

  /** The session with that id, which is thereby used; null when there is none, or none any more. */
  find(id: string): Session | null {
    // Looked up by hash: how long that takes says nothing about the id.
    const entry = this.sessions.get(hash(id));
    if (entry === undefined) return null;
    const nowMs = this.clock.monotonicMs();
    if (entry.pages.size === 0 && nowMs - entry.usedMs >= SESSION_IDLE_MS) {
      entry.session.end();
      return null;
    }
    entry.usedMs = nowMs;
    return entry.session;
  }

  private endTheUnused(): void {
    const byUse = [...this.sessions.values()].sort(
      (a, b) => Math.sign(a.pages.size) - Math.sign(b.pages.size) || a.usedMs - b.usedMs,
    );
    for (const { session } of byUse.slice(0, Math.max(0, this.sessions.size - MAX_SESSIONS))) session.end();
  }
}

/**
 * Name of the cookie that holds the id of a session. Cookies ignore ports (RFC 6265, 8.5): two engines on one machine tell theirs
 * apart by name.
 */
export function cookieName(port: number): string {
  return `healdeck_${port}`;
}

/** A `set-cookie` value. It ends with the browser; the engine ends the session before. `Secure` only where the browser came by HTTPS. */
export function sessionCookie(port: number, id: string, isSecure: boolean): string {
  return `${cookieName(port)}=${id}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}

/** The values of that cookie in a request's `cookie` header: somebody else's page may have set one beside it. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
