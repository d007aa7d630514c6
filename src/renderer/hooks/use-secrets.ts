import { useState } from 'react';
import type { SecretStatus } from '../../shared/model/secret';
import { useAnswer } from './use-answer';
import { useLast } from './use-last';

/** Where the secrets are; null until that is known. */
export interface Secrets {
  list: readonly SecretStatus[] | null;
  /** Asks anew, after one was set. */
  refresh: () => void;
}

/** The secrets as clients see them: where each is, never what it is. */
export function useSecrets(): Secrets {
  const [version, setVersion] = useState(0);
  const asked = useAnswer(`secrets ${version}`, (client, signal) => client.secrets.list(undefined, { signal }));
  const list = useLast(asked.kind === 'answered' ? asked.value : null);
  return { list, refresh: () => setVersion((before) => before + 1) };
}
