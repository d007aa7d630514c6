import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomicSync } from '../adapters/files';
import { NO_MEMORY, windowMemorySchema, type WindowMemory } from './placement';

/** What is remembered of the window between starts, in `window.json`. Nothing here is worth an error: it starts anew. */
export interface WindowMemoryFile {
  read(): WindowMemory;
  write(memory: WindowMemory): void;
}

/** Opens `window.json` of a data directory. */
export function openWindowMemory(dataDir: string): WindowMemoryFile {
  const file = join(dataDir, 'window.json');
  return {
    read() {
      try {
        const parsed = windowMemorySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
        return parsed.success ? parsed.data : NO_MEMORY;
      } catch {
        return NO_MEMORY;
      }
    },
    write(memory) {
      try {
        writeFileAtomicSync(file, `${JSON.stringify(memory, null, 2)}\n`);
      } catch {
        // A full disk loses a window's place, never a heal.
      }
    },
  };
}
