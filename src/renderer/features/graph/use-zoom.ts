import { useElementSize } from '@mantine/hooks';
import { useRef, useState, type PointerEvent } from 'react';

/** Between these what a node says can be read, and the drawing is still larger than a press. */
const LIMITS = { min: 0.4, max: 2 } as const;
const STEP = 1.25;
/** Smaller than that nothing is fitted: what is left over scrolls. */
const MIN_FIT = 0.75;

/** How large a drawing is shown, and which part of it. */
export interface Zoom {
  scale: number;
  isFitted: boolean;
  zoomIn: () => void;
  zoomOut: () => void;
  /** As large as there is room, at most at its own size; also when the room changes. */
  fit: () => void;
  /** For the box around the drawing: it is moved by a drag on what is empty. */
  viewport: {
    ref: (element: HTMLDivElement | null) => void;
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
  };
}

/** `size`: of the drawing, in px at scale 1. */
export function useZoom(size: { width: number; height: number }): Zoom {
  const [chosen, setChosen] = useState<number | null>(null);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const from = useRef<{ x: number; y: number; left: number; top: number } | null>(null);
  const scale = chosen ?? fitting(size, { width, height });
  const by = (factor: number) => setChosen(Math.min(LIMITS.max, Math.max(LIMITS.min, scale * factor)));
  const end = () => {
    from.current = null;
  };
  return {
    scale,
    isFitted: chosen === null,
    zoomIn: () => by(STEP),
    zoomOut: () => by(1 / STEP),
    fit: () => setChosen(null),
    viewport: {
      ref,
      onPointerDown: ({ currentTarget, target, clientX, clientY, pointerType, button }) => {
        // A finger scrolls by itself.
        if (pointerType !== 'mouse' || button !== 0 || (target as Element).closest('button, [draggable]') !== null)
          return;
        const { scrollLeft, scrollTop } = currentTarget;
        from.current = { x: clientX, y: clientY, left: scrollLeft, top: scrollTop };
      },
      onPointerMove: ({ currentTarget, clientX, clientY, buttons }) => {
        if (from.current === null) return;
        if (buttons === 0) return end();
        currentTarget.scrollLeft = from.current.left - (clientX - from.current.x);
        currentTarget.scrollTop = from.current.top - (clientY - from.current.y);
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}

function fitting(size: { width: number; height: number }, room: { width: number; height: number }): number {
  if (room.width <= 0 || size.width <= 0) return 1;
  return Math.max(MIN_FIT, Math.min(1, room.width / size.width, room.height / size.height));
}
