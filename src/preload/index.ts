import { contextBridge, ipcRenderer } from 'electron';

/** The page posts one end of a channel with this word; main answers the contract on the other end. */
const CONNECT = 'healdeck:connect';

contextBridge.exposeInMainWorld('healdeck', { shell: 'desktop' });

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== CONNECT) return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage(CONNECT, null, [port]);
});
