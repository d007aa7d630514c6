import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Connect, HealdeckClient } from './client';

/** The message by which the preload recognises the port that it hands on to the engine. */
export const CONNECT_MESSAGE = 'healdeck:connect';

/** What the preload puts into the window of the desktop shell. */
interface DesktopBridge {
  readonly shell: 'desktop';
  /** Asks the operator for a directory of the machine, at first at this one; null: none was chosen. */
  chooseDirectory(startAt: string): Promise<string | null>;
}

declare global {
  interface Window {
    readonly healdeck?: DesktopBridge;
  }
}

/** The dialog of the desktop for directories; undefined in a browser, whose machine need not be the engine's. */
export const chooseDirectory = (globalThis as { healdeck?: DesktopBridge }).healdeck?.chooseDirectory;

/** Connects through the message port that the preload hands to the engine. */
export const connectDesktop: Connect = () => {
  const { port1: clientPort, port2: serverPort } = new MessageChannel();
  const closed = new Promise<void>((resolve) => {
    // Chromium before 122 does not report it; there a dead engine means a dead window anyway.
    clientPort.addEventListener('close', () => resolve());
  });
  const client: HealdeckClient = createORPCClient(new RPCLink({ port: clientPort }));
  clientPort.start();
  // A page without an origin of its own (file:) can only name "any"; the message stays in this window either way.
  const target = /^https?:/.test(window.origin) ? window.origin : '*';
  window.postMessage(CONNECT_MESSAGE, target, [serverPort]);
  return Promise.resolve({ client, closed, close: () => clientPort.close() });
};
