import { useState } from 'react';
import type { ProcessIdentity, ProcessRow } from '../../../../shared/model/process';
import type { Target } from '../../../../shared/model/watch';
import type { HealdeckClient } from '../../../api/client';
import { describeFailure } from '../../../api/errors';
import { waysToFind, type WayToFind } from '../../../drafts/adoption';
import { draftFromProcess, type WatchDraft } from '../../../drafts/watch-draft';
import { useApp } from '../../../hooks/use-app';

/** A way to find the process that was chosen, and how many processes it finds now. */
export interface ProvenWay extends WayToFind {
  count: number;
}

/** What is known of the process that was chosen in the search. */
export type FoundProcess =
  | { kind: 'asking'; process: ProcessRow }
  | { kind: 'found'; process: ProcessRow; ways: readonly ProvenWay[] }
  | { kind: 'failed'; process: ProcessRow; problem: string };

/** The parts of a draft that a running process decides. */
type Adopted = Pick<WatchDraft, 'by' | 'pattern' | 'matchUser' | 'hasStart' | 'command' | 'commandNote'>;

export interface ProcessChoice {
  found: FoundProcess | null;
  /** Whose hidden arguments the start command has. */
  from: ProcessIdentity | undefined;
  choose: (process: ProcessRow) => Promise<void>;
  /** Back to the search. */
  clear: () => void;
}

/** The process that an operator has chosen to watch: what finds it again, and what starts it. `apply` takes what follows from it. */
export function useFoundProcess(
  first: ProcessIdentity | undefined,
  editedId: string | null,
  apply: (adopted: Adopted) => void,
): ProcessChoice {
  const { session, store } = useApp();
  const [found, setFound] = useState<FoundProcess | null>(null);
  const [from, setFrom] = useState(first);

  const choose = async (process: ProcessRow) => {
    setFound({ kind: 'asking', process });
    const { pid, startTime } = process;
    try {
      const { details, ways } = await session.ask(async (client) => {
        const read = await client.processes.describe({ pid, startTime });
        return { details: read, ways: await prove(client, waysToFind(read), process, editedId) };
      });
      const { live, processes } = store.getState();
      const engine = [...processes.rows.values()].find((one) => one.pid === live.engine?.pid);
      const draft = draftFromProcess(details, [], engine?.user ?? null, processes.rows.values());
      // One that finds nothing else, by as little as that takes.
      const way = ways.find(({ count }) => count === 1) ?? ways[0] ?? draft;
      const { matchUser, hasStart, command, commandNote } = draft;
      apply({ by: way.by, pattern: way.pattern, matchUser, hasStart, command, commandNote });
      setFrom({ pid, startTime });
      setFound({ kind: 'found', process, ways });
    } catch (error) {
      setFound({ kind: 'failed', process, problem: describeFailure(error).message });
    }
  };
  return { found, from, choose, clear: () => setFound(null) };
}

/** Those that find the process now. */
async function prove(
  client: HealdeckClient,
  ways: readonly WayToFind[],
  { pid, user }: ProcessRow,
  editedId: string | null,
): Promise<readonly ProvenWay[]> {
  const proven = await Promise.all(
    ways.map(async (way): Promise<ProvenWay | null> => {
      const { by, pattern } = way;
      const target: Target = { kind: 'match', by, pattern, user: by === 'pidfile' ? null : user, start: null };
      const watch = editedId === null ? {} : { watch: editedId };
      const { candidates } = await client.watches.preview({ target, ...watch });
      const taken = candidates.filter(({ verdict }) => verdict === 'taken');
      return taken.some((one) => one.pid === pid) ? { ...way, count: taken.length } : null;
    }),
  );
  return proven.filter((way) => way !== null);
}
