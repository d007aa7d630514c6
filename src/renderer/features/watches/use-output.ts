import { useEffect, useState } from 'react';
import type { OutputStream } from '../../../shared/model/output';
import { describeFailure, isAbort } from '../../api/errors';
import { NO_OUTPUT, withChunk, type OutputText } from '../../format/output-lines';
import { useApp, useAppState } from '../../hooks/use-app';

/** Lines of the past that are read first. */
const TAIL_LINES = 500;

/** What a watched program has written to a stream, live; read anew after a reconnect. */
export function useOutput(watchId: string, stream: OutputStream): { text: OutputText; failure: string | null } {
  const { session } = useApp();
  const isLive = useAppState((state) => state.connection.kind === 'live');
  const [text, setText] = useState(NO_OUTPUT);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    if (!isLive) return;
    const request = new AbortController();
    const follow = async () => {
      const chunks = await session.ask((client) =>
        client.output.follow({ watch: watchId, streams: [stream], lines: TAIL_LINES }, { signal: request.signal }),
      );
      setText(NO_OUTPUT);
      setFailure(null);
      for await (const chunk of chunks) {
        if (request.signal.aborted) return;
        setText((before) => withChunk(before, chunk));
      }
    };
    follow().catch((error: unknown) => {
      if (!request.signal.aborted && !isAbort(error)) setFailure(describeFailure(error).message);
    });
    return () => request.abort();
  }, [session, watchId, stream, isLive]);

  return { text, failure };
}
