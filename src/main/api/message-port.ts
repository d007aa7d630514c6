import { RPCHandler } from '@orpc/server/message-port';
import type { Dispose } from '../engine/ports';
import { callOptions } from './rpc-options';
import type { HealdeckRouter } from './router';

/** As much of Electron's `MessagePortMain` as is used here, so that this layer does not depend on Electron. */
export interface MainPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** Serves the router to a window. The returned function closes the port; its streams end with it. */
export function serveMessagePort(options: { router: HealdeckRouter; port: MainPort }): Dispose {
  const { router, port } = options;
  let closed = false;
  const onClose: (() => void)[] = [];
  port.on('close', () => {
    closed = true;
    for (const listener of onClose.splice(0)) listener();
  });
  new RPCHandler(router).upgrade(
    {
      on: (event, listener) => {
        if (event === 'close') onClose.push(listener);
        else port.on('message', listener as (event: { data: unknown }) => void);
      },
      // A window that was closed or reloaded in this moment: there is nobody left to answer.
      postMessage: (message: unknown) => {
        if (!closed) port.postMessage(message);
      },
    },
    callOptions('window'),
  );
  port.start();
  return () => {
    if (closed) return;
    closed = true;
    // A port that closes itself may get no `close` event; the streams behind it must end all the same.
    for (const listener of onClose.splice(0)) listener();
    port.close();
  };
}
