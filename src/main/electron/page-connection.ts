import { ipcMain } from 'electron';
import { serveMessagePort } from '../api/message-port';
import type { HealdeckRouter } from '../api/router';
import { isTrustedFrame } from './hardening';

/** The preload forwards the page's port under this word. */
const CONNECT = 'healdeck:connect';

/**
 * Answers the contract on every port that our own page hands over; a port of anyone else is closed.
 * A page that connects again (after a reload) leaves its old port, which Electron then closes.
 */
export function connectPages(router: HealdeckRouter, devServer: string | null): void {
  ipcMain.on(CONNECT, (event) => {
    for (const [index, port] of event.ports.entries()) {
      if (index === 0 && isTrustedFrame(event.senderFrame, devServer)) serveMessagePort({ router, port });
      else port.close();
    }
  });
}
