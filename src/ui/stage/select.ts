/** What a click chooses, for the inspector. */
import { useStore } from '../app/store.ts';

export const select = (selected: string): void => useStore.setState({ selected, why: undefined });

/** A second click within this time is a double click, which enters: the inspector must not move things between the two. */
const TWICE_MS = 260;
let pending = 0;

/** Chooses unless a second click follows; from the keyboard, at once. */
export function selectSoon(selected: string, clicks: number): void {
  window.clearTimeout(pending);
  if (clicks === 0) select(selected);
  else if (clicks === 1) pending = window.setTimeout(() => select(selected), TWICE_MS);
}
export const forgetClick = (): void => window.clearTimeout(pending);
