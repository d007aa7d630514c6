import { useEffect, useState } from 'react';
import { announce } from '../platform/announce';

const SAID_FOR_MS = 2000;

/** Puts text on the clipboard, and says for a moment that it is there. */
export function useCopied(): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => announce({ tone: 'bad', title: 'Not copied', message: 'The clipboard is not available here.' }),
    );
  };
  return { copied, copy };
}
