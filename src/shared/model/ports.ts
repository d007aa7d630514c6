import { z } from 'zod';

/** Sockets of watched programs, and what depends on what by what they show. */

export type SocketProtocol = 'tcp' | 'udp' | 'unix';

/** Where a socket is reached. */
export interface SocketAddress {
  protocol: SocketProtocol;
  /** As URLs have it (`127.0.0.1`, `[::]`), or the path of a unix socket (`@name` where it is in no directory). */
  address: string;
  /** null: a unix socket has none. */
  port: number | null;
}

export interface SocketHolder {
  pid: number;
  name: string;
}

/** A socket that waits for others: it listens, or is one of UDP without a peer. */
export interface ListeningSocket extends SocketAddress {
  /** Those processes of the watch that have it open, by pid. */
  processes: readonly SocketHolder[];
}

/** Where the programs of one watch are reached. */
export interface WatchPorts {
  /** Name of the watch. */
  watch: string;
  sockets: readonly ListeningSocket[];
  /** Processes whose sockets could not be read, or not all of them: another user's, for example. */
  unread: readonly SocketHolder[];
}

/** Connections of one watch to one socket of another. */
export interface DependencyEvidence extends SocketAddress {
  /** Different ones that were seen. */
  connections: number;
  /** Processes at either end, by pid. */
  pids: { client: readonly number[]; server: readonly number[] };
}

/** A watch that connects to another one, by name. */
export interface DependencyEdge {
  from: string;
  to: string;
  evidence: readonly DependencyEvidence[];
}

/** Something that a watch connects to and that belongs to no watch. */
export interface OutsidePeer extends SocketAddress {
  from: string;
  connections: number;
  /** Processes of the watch that connect to it, by pid. */
  pids: readonly number[];
  /** Who has it on this machine; empty: it is elsewhere, or this engine may not look. */
  holders: readonly SocketHolder[];
}

/** Connections to a socket of a watch of which the other end was not seen. */
export interface UnseenClients extends SocketAddress {
  watch: string;
  connections: number;
}

/** What was seen of sockets over a time: a proposal, not the whole truth. */
export interface ObservedGraph {
  /** How often was looked, and over which time in ms. */
  looks: number;
  overMs: number;
  watches: readonly WatchPorts[];
  edges: readonly DependencyEdge[];
  outside: readonly OutsidePeer[];
  /** There may be more that depends on these. */
  unseen: readonly UnseenClients[];
}

export const OBSERVATION_LIMITS = { maxLooks: 1000, maxOverMs: 60_000 } as const;

/** How often to look, evenly over which time; more often while connections begin and end in between. */
export const observationSchema = z.strictObject({
  looks: z.number().int().min(1).max(OBSERVATION_LIMITS.maxLooks).default(5),
  overMs: z.number().int().min(0).max(OBSERVATION_LIMITS.maxOverMs).default(2000),
});
export type Observation = z.infer<typeof observationSchema>;
