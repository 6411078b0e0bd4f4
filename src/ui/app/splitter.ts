/** The width of the tools at the left: dragged, or moved with the arrow keys; remembered. Double click gives the first width back. */
import { useState, type CSSProperties, type HTMLAttributes } from 'react';

const KEY = 'orrery/left';
const LEAST = 260;
const MOST = 900;
const STEP = 24;

const saved = (): number | undefined => {
  try {
    const width = Number(localStorage.getItem(KEY));
    return width >= LEAST && width <= MOST ? width : undefined;
  } catch {
    return undefined;
  }
};
const clamp = (width: number): number => Math.round(Math.min(MOST, window.innerWidth * 0.6, Math.max(LEAST, width)));

export function useWidth(): {
  readonly style: CSSProperties;
  readonly handle: HTMLAttributes<HTMLDivElement> & { readonly 'data-testid': string };
} {
  const [width, setWidth] = useState(saved);
  const keep = (next: number | undefined): void => {
    setWidth(next);
    try {
      if (next === undefined) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, String(next));
    } catch {
      /* private mode */
    }
  };
  const here = (target: Element): number => target.parentElement?.offsetWidth ?? LEAST;
  return {
    style: width === undefined ? {} : { width },
    handle: {
      role: 'separator',
      tabIndex: 0,
      'aria-orientation': 'vertical',
      'aria-label': 'Width of the tools',
      'aria-valuemin': LEAST,
      'aria-valuemax': MOST,
      'aria-valuenow': width ?? Math.round(Math.min(520, Math.max(340, window.innerWidth * 0.26))),
      'data-testid': 'splitter',
      onPointerDown: (e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        e.preventDefault();
      },
      onPointerMove: (e) => {
        if (e.currentTarget.hasPointerCapture(e.pointerId))
          keep(clamp(e.clientX - (e.currentTarget.parentElement?.getBoundingClientRect().left ?? 0)));
      },
      onDoubleClick: () => keep(undefined),
      onKeyDown: (e) => {
        const by = e.key === 'ArrowRight' ? STEP : e.key === 'ArrowLeft' ? -STEP : 0;
        if (by === 0) return;
        keep(clamp(here(e.currentTarget) + by));
        e.preventDefault();
        e.stopPropagation();
      },
    },
  };
}
