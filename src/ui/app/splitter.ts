/** The width of the tools at the left: dragged, moved with the arrow keys, or as wide as what is in them; remembered. Double click gives the first width back. */
import type { CSSProperties, HTMLAttributes } from 'react';
import { create } from 'zustand';

const KEY = 'orrery/left';
const LEAST = 260;
const MOST = 900;
const STEP = 24;
const EDGE = 2;

const saved = (): number | undefined => {
  try {
    const width = Number(localStorage.getItem(KEY));
    return width >= LEAST && width <= MOST ? width : undefined;
  } catch {
    return undefined;
  }
};
const most = (): number => Math.min(MOST, window.innerWidth * 0.6);
const clamp = (width: number): number => Math.round(Math.min(most(), Math.max(LEAST, width)));

/** `before`: how wide they were before they were widened. */
interface Widths {
  readonly width: number | undefined;
  readonly before?: { readonly width: number | undefined };
}
const useSaved = create<Widths>(() => ({ width: saved() }));

/** In pixels; undefined: as at first. */
function keep(width: number | undefined): void {
  useSaved.setState({ width }, true);
  try {
    if (width === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, String(width));
  } catch {
    /* private mode */
  }
}

/** Makes room for so many pixels more, as far as there is room. */
export function widen(from: number, by: number): void {
  const { width } = useSaved.getState();
  keep(clamp(from + by));
  useSaved.setState({ before: { width } });
}
export const canWiden = (from: number): boolean => from < Math.floor(most()) - EDGE;
/** What takes that back; undefined: nothing was widened. */
export function useNarrow(): (() => void) | undefined {
  const { before } = useSaved();
  return before && (() => keep(before.width));
}

export function useWidth(): {
  readonly style: CSSProperties;
  readonly handle: HTMLAttributes<HTMLDivElement> & { readonly 'data-testid': string };
} {
  const { width } = useSaved();
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
