import { BrowserWindow, dialog, ipcMain } from 'electron';
import { isTrustedFrame } from './hardening';

/** The preload asks for a directory under this word. */
const CHOOSE_DIRECTORY = 'healdeck:choose-directory';

/**
 * Shows the dialog of the desktop for directories to our own page alone. The page gets the path that somebody has chosen, or null;
 * it reads nothing by it.
 */
export function serveDirectoryDialog(devServer: string | null): void {
  ipcMain.handle(CHOOSE_DIRECTORY, async (event, startAt: unknown): Promise<string | null> => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (window === null || !isTrustedFrame(event.senderFrame, devServer)) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Directory to start in',
      properties: ['openDirectory', 'createDirectory'],
      ...(typeof startAt === 'string' && startAt.startsWith('/') && { defaultPath: startAt }),
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
}
