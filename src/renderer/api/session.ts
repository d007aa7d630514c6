import { childController } from '../platform/abort';
import type { AppStore } from '../store/store';
import { reconnectDelayMs } from './backoff';
import { SignedOutError, type Connect, type HealdeckClient, type Link } from './client';
import { describeFailure } from './errors';

/** What a session needs from the machine it runs on. */
export interface SessionPorts {
  connect: Connect;
  store: AppStore;
  wallMs(): number;
  /** 0 to 1. */
  random(): number;
  /** Resolves after the time, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Nothing was sent: there is no connection. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  constructor() {
    super('Not connected to the engine; nothing was done. Try again when the connection is back.');
  }
}

/** The window's connection with the engine: kept up, its streams written into the store. */
export interface Session {
  /** Asks the engine. Rejects with {@link NotConnectedError} while there is no connection. */
  ask<T>(question: (client: HealdeckClient) => Promise<T>): Promise<T>;
  /** Keeps the process table in the store up to date until the returned function is called. */
  followProcesses(): () => void;
  /** Tries again now instead of waiting. */
  retryNow(): void;
  dispose(): void;
}

/** Connects, and connects again whenever the connection ends, until disposed or signed out. */
export function startSession(ports: SessionPorts): Session {
  const { store } = ports;
  const ended = new AbortController();
  let link: Link | null = null;
  let retry = childController(ended.signal);
  let processFollowers = 0;
  let processStream: AbortController | null = null;

  async function run(): Promise<void> {
    let attempt = 0;
    while (!ended.signal.aborted) {
      try {
        link = await ports.connect(ended.signal);
        if (ended.signal.aborted) break;
        if (processFollowers > 0) startProcessStream(link);
        await followLive(link, () => (attempt = 0));
        throw new Error('The engine has closed the connection.');
      } catch (error) {
        if (ended.signal.aborted) break;
        if (error instanceof SignedOutError) {
          store.actions.setConnection({ kind: 'signed_out' });
          return;
        }
        attempt += 1;
        const delayMs = reconnectDelayMs(attempt, ports.random());
        const retryAt = ports.wallMs() + delayMs;
        store.actions.setConnection({ kind: 'lost', attempt, retryAt, problem: describeFailure(error).message });
        closeLink();
        retry = childController(ended.signal);
        await ports.wait(delayMs, retry.signal);
      }
    }
    closeLink();
  }

  async function followLive(open: Link, onSnapshot: () => void): Promise<void> {
    await follow(
      open,
      ended.signal,
      (client, signal) => client.live(undefined, { signal }),
      (message) => {
        if (message.kind === 'snapshot') {
          onSnapshot();
          store.actions.setConnection({ kind: 'live', since: ports.wallMs() });
        }
        return store.actions.receiveLive(message);
      },
    );
  }

  function startProcessStream(open: Link): void {
    processStream?.abort();
    processStream = childController(ended.signal);
    const { signal } = processStream;
    const again = async () => {
      // Only this stream has ended: while the connection stands, it is opened again after a moment.
      await ports.wait(1000, signal);
      if (!signal.aborted && link === open && processFollowers > 0) startProcessStream(open);
    };
    void follow(
      open,
      signal,
      (client, options) => client.processes.live(undefined, { signal: options }),
      (message) => store.actions.receiveProcesses(message),
    ).then(again, again);
  }

  function closeLink(): void {
    processStream?.abort();
    processStream = null;
    link?.close();
    link = null;
  }

  void run();

  return {
    ask: async (question) => {
      if (link === null) throw new NotConnectedError();
      return question(link.client);
    },
    followProcesses: () => {
      let following = true;
      processFollowers += 1;
      if (processFollowers === 1 && link !== null) startProcessStream(link);
      return () => {
        if (!following) return;
        following = false;
        processFollowers -= 1;
        if (processFollowers > 0) return;
        processStream?.abort();
        processStream = null;
      };
    },
    retryNow: () => retry.abort(),
    dispose: () => {
      ended.abort();
      closeLink();
    },
  };
}

/**
 * Reads a numbered stream until it ends; when a message was missed, begins it anew, which brings the whole state first.
 * Rejects with the stream's error, and when the link closes.
 */
async function follow<T>(
  link: Link,
  signal: AbortSignal,
  open: (client: HealdeckClient, signal: AbortSignal) => Promise<AsyncIterable<T>>,
  receive: (message: T) => boolean,
): Promise<void> {
  const closed = link.closed.then(() => {
    throw new Error('The connection was lost.');
  });
  closed.catch(() => undefined);
  for (;;) {
    const one = childController(signal);
    const read = async (): Promise<'ended' | 'gap'> => {
      for await (const message of await open(link.client, one.signal)) {
        if (one.signal.aborted) return 'ended';
        if (!receive(message)) return 'gap';
      }
      return 'ended';
    };
    try {
      const outcome = await Promise.race([read(), closed]);
      if (outcome === 'ended') return;
    } finally {
      one.abort();
    }
  }
}
