import { contextBridge, ipcRenderer } from 'electron';

/** The page posts one end of a channel with this word; main answers the contract on the other end. */
const CONNECT = 'healdeck:connect';

/** Main opens the dialog of the desktop; only a path that somebody has chosen there comes back. */
const CHOOSE_DIRECTORY = 'healdeck:choose-directory';

contextBridge.exposeInMainWorld('healdeck', {
  shell: 'desktop',
  chooseDirectory: (startAt: unknown) => ipcRenderer.invoke(CHOOSE_DIRECTORY, String(startAt)),
});

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== CONNECT) return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage(CONNECT, null, [port]);
});
