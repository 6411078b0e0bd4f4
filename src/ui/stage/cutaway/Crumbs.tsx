/** Where we are: "Cluster › worker-2 › kubelet", each a way back, always in sight. */
import { useEffect, useRef } from 'react';
import { useStore } from '../../app/store.ts';
import { MiniMap } from './MiniMap.tsx';
import { jumpTo, leave } from '../zoom.ts';
import css from './crumbs.module.css';

const lastName = (at: string): string => {
  const parts = at.split('/');
  return parts.length === 3 ? `${parts[1]} · ${parts[2]}` : parts.slice(1).join('/');
};

/** The machine that an address is on: a pod's containers run where the pod is. */
function useMachine(at: string): string {
  const book = useStore((s) => s.book);
  const [host, pod, container] = at.split('/');
  if (container === undefined) return host;
  for (const event of book.events) if (event.type === 'spawn' && event.by.startsWith(`${host}/${pod}/`)) return event.spawned.host;
  return host;
}

export function Crumbs({ at, isShown }: { readonly at: string; readonly isShown: boolean }) {
  const machine = useMachine(at);
  const nav = useRef<HTMLElement>(null);
  /** What was focused is gone with the zoom that it was in. */
  useEffect(() => {
    if (isShown && document.activeElement === document.body) nav.current?.focus({ preventScroll: true });
  }, [at, isShown]);
  return (
    <nav ref={nav} tabIndex={-1} className={css.crumbs} aria-label="Where we are" data-testid="crumbs">
      <ol>
        <li>
          <button type="button" onClick={() => jumpTo('')}>
            Cluster
          </button>
        </li>
        <li>
          <span aria-hidden="true">›</span>{' '}
          {at === machine ? (
            <b aria-current="page">{machine}</b>
          ) : (
            <button type="button" onClick={() => jumpTo(machine)}>
              {machine}
            </button>
          )}
        </li>
        {at.includes('/') && (
          <li>
            <span aria-hidden="true">›</span> <b aria-current="page">{lastName(at)}</b>
          </li>
        )}
      </ol>
      <button type="button" className={css.out} onClick={leave}>
        Leave (Esc)
      </button>
      <MiniMap at={at} machine={machine} />
    </nav>
  );
}
