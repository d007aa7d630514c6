import { join } from 'node:path';
import { app, Menu, nativeImage, Tray } from 'electron';
import type { Engine } from '../engine/engine';
import type { Dispose } from '../engine/ports';
import { isDown, situationOf, situationText, type SituationLevel } from '../../shared/lib/format/situation';
import { trayItems } from './tray-items';

export interface TrayOptions {
  engine: Engine;
  /** Folder of the icons. */
  icons: string;
  onShow: () => void;
  onQuit: () => void;
  warn: (line: string) => void;
}

/** What there is of the icon for each level; the others have the plain one. */
type Mark = 'down' | 'troubled' | null;

/**
 * An icon in the tray that shows how the watches and the machine are, and starts those that are down. Returns null where the desktop
 * refuses one. On Linux a desktop without a tray takes the icon and shows it to nobody, so it may never be the only way back.
 */
export function createTray({ engine, icons, onShow, onQuit, warn }: TrayOptions): Dispose | null {
  let tray: Tray;
  try {
    tray = new Tray(trayImage(icons, null));
  } catch {
    return null;
  }
  let shown: string | null = null;
  let mark: Mark = null;
  const start = (watch: string): void => {
    engine.watches.start({ watch, actor: 'window' }).catch((error: unknown) => {
      warn(`Starting from the tray failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const show = (): void => {
    const watches = engine.watches.list();
    const situation = situationOf(watches, engine.distress());
    const line = situationText(situation);
    const items = trayItems(watches);
    const all = JSON.stringify([line, items]);
    if (all === shown) return;
    shown = all;
    const nextMark = markOf(situation.level);
    if (nextMark !== mark) tray.setImage(trayImage(icons, nextMark));
    mark = nextMark;
    tray.setToolTip(`Healdeck: ${line}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: line.replaceAll('&', '&&'), enabled: false },
        ...items.map(({ label, watchId }) => ({ label: label.replaceAll('&', '&&'), click: () => start(watchId) })),
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
    if (change.watches !== undefined || change.removedWatchIds !== undefined || change.engine !== undefined) show();
  });
  return () => {
    unsubscribe();
    tray.destroy();
  };
}

/** The number of watches that are down on the icon in the dock, where the desktop has such a thing (macOS, Unity). */
export function showBadge(engine: Engine): Dispose {
  let shown = 0;
  return engine.subscribe(({ watches, removedWatchIds }) => {
    if (watches === undefined && removedWatchIds === undefined) return;
    const down = engine.watches.list().filter(isDown).length;
    if (down !== shown) app.setBadgeCount(down);
    shown = down;
  });
}

function markOf(level: SituationLevel): Mark {
  return level === 'down' || level === 'troubled' ? level : null;
}

function trayImage(icons: string, mark: Mark): Electron.NativeImage {
  if (process.platform !== 'darwin') {
    return nativeImage.createFromPath(join(icons, mark === null ? 'tray.png' : `tray-${mark}.png`));
  }
  // A template has one colour only: its mark is the same for both.
  const template = nativeImage.createFromPath(
    join(icons, mark === null ? 'trayTemplate.png' : 'trayAlertTemplate.png'),
  );
  template.setTemplateImage(true);
  return template;
}
