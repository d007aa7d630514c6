import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useTextScale } from '../../format/text-scale';

/** A drawing surface as wide as its element; its px are those of the normal text size, so that a drawing grows with the text. */
export interface Canvas {
  ref: RefObject<HTMLCanvasElement | null>;
  /** 0 until it was measured. */
  width: number;
  /** CSS px of one px of the drawing. */
  scale: number;
}

/**
 * Draws whenever what it depends on changes, at the resolution of the screen, at most once a frame. `draw` gets the values
 * of CSS variables by name, so that a drawing follows the colour scheme.
 */
export function useCanvas(
  height: number,
  draw: (context: CanvasRenderingContext2D, width: number, colour: (name: string) => string) => void,
): Canvas {
  const ref = useRef<HTMLCanvasElement>(null);
  const [wide, setWide] = useState(0);
  const scale = useTextScale();
  const width = Math.round(wide / scale);
  const [scheme, setScheme] = useState(0);

  useLayoutEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const observer = new ResizeObserver(([entry]) => setWide(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(canvas);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const observer = new MutationObserver(() => setScheme((count) => count + 1));
    observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || !context || width === 0) return;
    const frame = requestAnimationFrame(() => {
      const ratio = (window.devicePixelRatio || 1) * scale;
      const [wanted, tall] = [Math.round((wide * ratio) / scale), Math.round(height * ratio)];
      if (canvas.width !== wanted || canvas.height !== tall) Object.assign(canvas, { width: wanted, height: tall });
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      draw(context, width, coloursOf(canvas));
    });
    return () => cancelAnimationFrame(frame);
  }, [wide, width, height, scale, draw, scheme]);

  return { ref, width, scale };
}

/** Looks each variable up once: a drawing asks for the same few at each of its marks. */
function coloursOf(canvas: HTMLCanvasElement): (name: string) => string {
  const style = getComputedStyle(canvas);
  const known = new Map<string, string>();
  return (name) => {
    const value = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, value);
    return value;
  };
}

/** Calls `onWheel` for turns of the wheel over an element, and may keep the page from scrolling. */
export function useWheel(ref: RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  const current = useRef(onWheel);
  useLayoutEffect(() => {
    current.current = onWheel;
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const listener = (event: WheelEvent): void => current.current(event);
    // React listens passively, which could not keep the page where it is.
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [ref]);
}
