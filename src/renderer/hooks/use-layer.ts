import { useEffect, useEffectEvent } from 'react';

/** What lies over the views, in the order in which it was opened. */
const layers: symbol[] = [];
/** Menus and lists inside a layer close themselves. */
const OWN = '[data-mantine-stop-propagation="true"]';

/** Escape closes what lies on top, and nothing below it. */
export function useLayer(opened: boolean, onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (!opened) return;
    const layer = Symbol('layer');
    layers.push(layer);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || layers.at(-1) !== layer) return;
      if (event.target instanceof Element && event.target.matches(OWN)) return;
      // The layer below is on top before it hears of the same key.
      event.preventDefault();
      close();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [opened]);
}
