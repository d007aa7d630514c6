import { secretMask, type SecretMask } from '../../shared/lib/mask-secrets';
import type { OutputFiles } from '../engine/ports';

/** A mask for the values that are secret at the time, and for further words of names; it is made anew only when they have changed. */
export function currentMask(values: () => readonly string[], words: () => readonly string[] = () => []): SecretMask {
  let known: string | null = null;
  let mask: SecretMask = (text) => text;
  return (text) => {
    const now = [values(), words()] as const;
    const key = JSON.stringify(now);
    if (key !== known) mask = secretMask(...now);
    known = key;
    return mask(text);
  };
}

/** Output whose last lines, which become part of events, hold no secret. The files are as the programs wrote them. */
export function maskTails(output: OutputFiles, mask: SecretMask): OutputFiles {
  return {
    // All lines together: a key has several.
    tail(watch, stream, lines) {
      const tail = output.tail(watch, stream, lines);
      return tail.length === 0 ? tail : mask(tail.join('\n')).split('\n');
    },
    rename: (oldName, newName) => output.rename(oldName, newName),
  };
}
