import { useEffect, useRef } from 'react';
import type { Command } from './commands';

/** Where a key has a meaning of its own. */
const TYPING = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]';
/** What lies over the views, and takes all keys. */
const OVER = '[role=dialog], [role=menu], [role=listbox]';
/** What Space presses. */
const PRESSED_BY_SPACE = 'button, a, input, summary, [role=tab], [role=switch]';
/** How long the second key of two may take. */
const SEQUENCE_MS = 1500;

/** Does what the keys of commands say, wherever the focus is, unless somebody types or something lies over the views. */
export function useHotkeys(commands: readonly Command[]): void {
  const current = useRef(commands);
  useEffect(() => {
    current.current = commands;
  });
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = nameOf(event);
      if (key === null || event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest(OVER) !== null || document.querySelector('[role=dialog]') !== null) return;
      if (key !== 'Ctrl+K' && target.closest(TYPING) !== null) return;
      if (key === 'Space' && target.closest(PRESSED_BY_SPACE) !== null) return;
      const before = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? first.key : null;
      first = null;
      const typed = before === null ? [key] : [before, key];
      const exact = current.current.find(({ keys }) => keys?.join(' ') === typed.join(' '));
      if (exact !== undefined) {
        event.preventDefault();
        exact.run();
      } else if (current.current.some(({ keys }) => keys?.length === 2 && keys[0] === key)) {
        first = { key, at: event.timeStamp };
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** The key as commands name it; null for one that none can have. */
function nameOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'k' ? 'Ctrl+K' : null;
  return key === ' ' ? 'Space' : key;
}

/** Puts the cursor into the filter of the view that is shown. */
export function focusFilter(): void {
  const filter = document.querySelector<HTMLInputElement>('input[data-filter]');
  filter?.focus();
  filter?.select();
}
