import { Menu } from 'electron';

/** The menu of the window: what a keyboard expects, and no developer tools unless in development. */
export function setApplicationMenu(options: { development: boolean; onQuit: () => void }): void {
  const development: Electron.MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Healdeck',
        submenu: [{ role: 'close' }, { label: 'Quit', accelerator: 'CommandOrControl+Q', click: options.onQuit }],
      },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          ...(options.development ? development : []),
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
    ]),
  );
}
