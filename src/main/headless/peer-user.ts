import { open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';
import { socketTableKeys, uidInTable, type SocketTableKeys } from './socket-table';

/**
 * Who is at the other end of a connection of this machine:
 * - `user`: the user with this uid (Linux).
 * - `anyone`: this system does not show it (macOS, Windows). A session is as strong as its cookie, its page's proof, and its short life.
 * - `unknown`: it should be known here but could not be found out; such a connection is served nothing.
 */
export type PeerUser = { kind: 'user'; uid: number } | { kind: 'anyone' } | { kind: 'unknown' };

/** Whether two are the same user, for all that is known. */
export function isSamePeer(a: PeerUser, b: PeerUser): boolean {
  if (a.kind === 'user' && b.kind === 'user') return a.uid === b.uid;
  return a.kind === 'anyone' && b.kind === 'anyone';
}

/** About 200,000 connections in each table. */
const MAX_TABLE_BYTES = 32_000_000;
const MAX_PASS_MS = 2_000;
const CHUNK_BYTES = 65_536;
/** The kernel shows a table that changes meanwhile in pieces: a line can be missed once. */
const PASSES = 2;

interface Lookup {
  keys: SocketTableKeys;
  passesLeft: number;
  settle(peer: PeerUser): void;
}

/**
 * Reads the tables of connections that the kernel shows. They belong to the network namespace of this process, as do all
 * connections to its loopback interface. In a user namespace that does not map a uid the kernel shows 65534 for it (user_namespaces(7)):
 * all such users are then one. A table is read piece by piece outside of the engine's thread, once for all who wait for it, and no
 * further than its limits: a machine with very many connections delays an answer here, and nothing else.
 */
export class PeerUsers {
  private readonly known = new WeakMap<Socket, PeerUser>();
  private waiting: Lookup[] = [];
  private isReading = false;

  constructor(
    private readonly platform: NodeJS.Platform = process.platform,
    private readonly tables = '/proc/net',
  ) {}

  /** Who is at the other end of a connection. Never rejects. */
  async of(socket: Socket): Promise<PeerUser> {
    if (this.platform !== 'linux') return { kind: 'anyone' };
    const found = this.known.get(socket);
    if (found !== undefined) return found;
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (!remoteAddress || !remotePort || !localAddress || !localPort) return { kind: 'unknown' };
    const keys = socketTableKeys(
      { address: remoteAddress, port: remotePort },
      { address: localAddress, port: localPort },
      endianness() === 'LE',
    );
    if (keys === null) return { kind: 'unknown' };
    const peer = await new Promise<PeerUser>((settle) => {
      this.waiting.push({ keys, passesLeft: PASSES, settle });
      void this.readWhileWaiting();
    });
    if (peer.kind === 'user') this.known.set(socket, peer);
    return peer;
  }

  private async readWhileWaiting(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    while (this.waiting.length > 0) {
      const lookups = this.waiting;
      this.waiting = [];
      await this.pass(lookups);
    }
    this.isReading = false;
  }

  private async pass(lookups: readonly Lookup[]): Promise<void> {
    const deadlineMs = performance.now() + MAX_PASS_MS;
    let missing = lookups;
    for (const table of ['tcp', 'tcp6'] as const) {
      missing = await findIn(`${this.tables}/${table}`, table, missing, deadlineMs);
      if (missing.length === 0) return;
    }
    for (const lookup of missing) {
      lookup.passesLeft -= 1;
      if (lookup.passesLeft > 0) this.waiting.push(lookup);
      else lookup.settle({ kind: 'unknown' });
    }
  }
}

/** Settles what is found in the table, and returns the rest. */
async function findIn(
  file: string,
  table: keyof SocketTableKeys,
  lookups: readonly Lookup[],
  deadlineMs: number,
): Promise<readonly Lookup[]> {
  let missing = lookups;
  try {
    for await (const lines of wholeLines(file, deadlineMs)) {
      missing = missing.filter(({ keys, settle }) => {
        const uid = uidInTable(lines, keys[table]);
        if (uid !== null) settle({ kind: 'user', uid });
        return uid === null;
      });
      if (missing.length === 0) break;
    }
  } catch {
    // No such table, as without IPv6, or none that may be read: what is not found is unknown.
  }
  return missing;
}

/** A file in pieces that end with a line, up to the limits. */
async function* wholeLines(file: string, deadlineMs: number): AsyncGenerator<string, void> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let rest = '';
    for (let total = 0; total < MAX_TABLE_BYTES && performance.now() < deadlineMs;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      total += bytesRead;
      const text = rest + buffer.toString('latin1', 0, bytesRead);
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      yield text.slice(0, end);
    }
  } finally {
    await handle.close();
  }
}
