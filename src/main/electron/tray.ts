import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { Engine } from '../engine/engine';
import type { Dispose } from '../engine/ports';
import { situationOf, situationText } from '../../shared/lib/format/situation';

export interface TrayOptions {
  engine: Engine;
  /** Folder of the icons. */
  icons: string;
  onShow: () => void;
  onQuit: () => void;
}

/**
 * An icon in the tray that shows how the watches are. Returns null where the desktop refuses one.
 * On Linux a desktop without a tray takes the icon and shows it to nobody, so it may never be the only way back.
 */
export function createTray({ engine, icons, onShow, onQuit }: TrayOptions): Dispose | null {
  let tray: Tray;
  try {
    tray = new Tray(trayImage(icons));
  } catch {
    return null;
  }
  let shown: string | null = null;
  const show = (): void => {
    const line = situationText(situationOf(engine.watches.list()));
    if (line === shown) return;
    shown = line;
    tray.setToolTip(`Healdeck: ${line}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: line.replaceAll('&', '&&'), enabled: false },
        { type: 'separator' },
        { label: 'Show Healdeck', click: onShow },
        { type: 'separator' },
        { label: 'Quit (watched programs keep running)', click: onQuit },
      ]),
    );
  };
  show();
  tray.on('click', onShow);
  const unsubscribe = engine.subscribe((change) => {
    if (change.watches !== undefined || change.removedWatchIds !== undefined) show();
  });
  return () => {
    unsubscribe();
    tray.destroy();
  };
}

function trayImage(icons: string): Electron.NativeImage {
  if (process.platform !== 'darwin') return nativeImage.createFromPath(join(icons, 'tray.png'));
  const template = nativeImage.createFromPath(join(icons, 'trayTemplate.png'));
  template.setTemplateImage(true);
  return template;
}
