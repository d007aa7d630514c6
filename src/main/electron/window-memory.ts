import ElectronStore from 'electron-store';
import { NO_MEMORY, windowMemorySchema, type WindowMemory } from './placement';

/** What is remembered of the window between starts, in `window.json`. Nothing here is worth an error: it starts anew. */
export interface WindowMemoryFile {
  read(): WindowMemory;
  write(memory: WindowMemory): void;
}

/** Opens `window.json` of a data directory. */
export function openWindowMemory(dataDir: string): WindowMemoryFile {
  const store = new ElectronStore({ name: 'window', cwd: dataDir, configFileMode: 0o600, clearInvalidConfig: true });
  return {
    read() {
      try {
        const parsed = windowMemorySchema.safeParse(store.store);
        return parsed.success ? parsed.data : NO_MEMORY;
      } catch {
        return NO_MEMORY;
      }
    },
    write(memory) {
      try {
        store.store = { ...memory };
      } catch {
        // A full disk loses a window's place, never a heal.
      }
    },
  };
}
