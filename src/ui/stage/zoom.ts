/** Where the stage looks: the cluster, a machine, or a part of one. The address bar holds it as '?at=worker-2/kubelet'; the '#s=' of a shared session stays as it is. */
import { create } from 'zustand';

export interface Zoom {
  /** '' is the cluster; 'worker-2' a machine; 'worker-2/kubelet' a part. */
  readonly at: string;
}

const fromLocation = (): string => new URLSearchParams(location.search).get('at') ?? '';

export const useZoom = create<Zoom>()(() => ({ at: fromLocation() }));
/** What was entered from where, so that leaving gives the focus back. */
const opened: string[] = [];

function go(at: string): void {
  const url = new URL(location.href);
  if (at === '') url.searchParams.delete('at');
  else url.searchParams.set('at', at);
  history.replaceState(history.state, '', url);
  useZoom.setState({ at });
}

export function enter(at: string): void {
  opened.push(at);
  go(at);
}

export function leave(): void {
  const { at } = useZoom.getState();
  const from = opened.pop() ?? at;
  const up = at.includes('/') && opened.at(-1) === at.split('/')[0] ? at.split('/')[0] : '';
  left = from;
  go(up);
}

/** What leaving came from, until the zoom that it leads to is seen: there it has the focus. */
let left: string | undefined;
export function arrived(): void {
  if (left !== undefined) document.querySelector<HTMLElement>(`[data-opens="${CSS.escape(left)}"]`)?.focus();
  left = undefined;
}

export function jumpTo(at: string): void {
  opened.length = 0;
  if (at !== '') opened.push(at);
  go(at);
}

window.addEventListener('popstate', () => useZoom.setState({ at: fromLocation() }));
