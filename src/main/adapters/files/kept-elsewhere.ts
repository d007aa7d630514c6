import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock, KeptElsewhere } from '../../engine/ports';
import { withTimeLimit } from '../../engine/time-limit';
import { engineLocksOfOthers } from './lock-holders';
import { ownUid } from './own-files';

/** The file system of another data directory may hang; then it is not known what is kept there. */
const LIMIT_MS = 1000;
const MAX_BYTES = 64_000_000;

/** What is needed of the `state.json` of another engine, which may be of another version. */
const stateSchema = z.object({
  watches: z.record(
    z.string(),
    z.object({
      processes: z.array(z.object({ pid: z.number(), startTime: z.number() })),
      launch: z
        .object({ command: z.object({ argv: z.array(z.string()), cwd: z.string() }) })
        .nullish()
        .catch(null),
    }),
  ),
});

/**
 * What living engines of other data directories keep, by their `state.json`. Only those of this user are looked for, and only on
 * Linux, which names the holders of locks. Never rejects: what can't be read is not known.
 */
export async function readKeptElsewhere(ownDir: string, clock: Clock): Promise<readonly KeptElsewhere[]> {
  const others = [...new Set(engineLocksOfOthers().map((lock) => dirname(lock)))].filter((dir) => dir !== ownDir);
  const found = await Promise.all(
    others.map((dir) => withTimeLimit(clock, LIMIT_MS, keptIn(dir)).catch((): readonly KeptElsewhere[] => [])),
  );
  return found.flat();
}

async function keptIn(dataDir: string): Promise<readonly KeptElsewhere[]> {
  const file = await open(
    join(dataDir, 'state.json'),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.uid !== ownUid() || stats.size > MAX_BYTES) return [];
    const { watches } = stateSchema.parse(JSON.parse(await file.readFile('utf8')));
    return Object.values(watches).flatMap(({ processes, launch }) =>
      processes.map(({ pid, startTime }) => ({ pid, startTime, dataDir, command: launch?.command ?? null })),
    );
  } finally {
    await file.close();
  }
}
