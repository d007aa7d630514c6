import { useEffect } from 'react';

/** `/` puts the cursor into the filter of the tab that is shown, as long as nobody is typing. */
export function useFilterKey(): void {
  useEffect(() => onFreeKey('/', 'input, textarea, select, [contenteditable], [role=dialog]', focusFilter), []);
}

/** Space does something for the tab that is shown, unless it means something where the focus is. */
export function useSpaceKey(onPress: () => void): void {
  useEffect(
    () => onFreeKey(' ', 'input, textarea, select, button, a, [contenteditable], [role=dialog], [role=tab]', onPress),
    [onPress],
  );
}

function focusFilter(): void {
  const filter = document.querySelector<HTMLInputElement>('input[data-filter]');
  filter?.focus();
  filter?.select();
}

/** Calls `run` at a key that nobody else has taken; `taken` are the elements within which it has another meaning. */
function onFreeKey(key: string, taken: string, run: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof HTMLElement && event.target.closest(taken)) return;
    event.preventDefault();
    run();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
