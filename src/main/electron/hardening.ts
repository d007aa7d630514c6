import { app, type Session, type WebContents } from 'electron';
import { isAppUrl } from './app-scheme';

/**
 * What no page in here may do, whatever it is: leave for another address, open windows, embed others, ask for permissions.
 * `devServer` is the address of the development server, the only other place a page may come from.
 */
export function hardenWebContents(devServer: string | null): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    const refuseStrangers = (event: { preventDefault(): void }, url: string): void => {
      if (!isAppUrl(url) && !isFrom(devServer, url)) event.preventDefault();
    };
    contents.on('will-navigate', refuseStrangers);
    contents.on('will-redirect', refuseStrangers);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // No address is worth leaving the window for: nothing is handed to the system's browser either.
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** No camera, no location, no notification, no device: asked or assumed. Nothing is loaded from the network. */
export function hardenSession(session: Session, devServer: string | null): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  if (devServer !== null) return;
  const network = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];
  session.webRequest.onBeforeRequest({ urls: network }, (_details, answer) => answer({ cancel: true }));
}

/** Whether a frame may speak to us: only the page itself, and not a frame within it. */
export function isTrustedFrame(frame: { url: string; parent: unknown } | null, devServer: string | null): boolean {
  return frame !== null && frame.parent === null && (isAppUrl(frame.url) || isFrom(devServer, frame.url));
}

function isFrom(devServer: string | null, url: string): boolean {
  if (devServer === null) return false;
  try {
    return new URL(url).origin === new URL(devServer).origin;
  } catch {
    return false;
  }
}
