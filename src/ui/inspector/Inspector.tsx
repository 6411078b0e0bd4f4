/** What is selected: an object, an actor's inside, or why something happened. The details are loaded when first asked for. */
import { lazy, Suspense } from 'react';
import { useFields } from '../app/store.ts';
import css from './inspector.module.css';

const ObjectDetails = lazy(() => import('./ObjectDetails.tsx'));
const ActorDetails = lazy(() => import('./ActorDetails.tsx'));
const WireDetails = lazy(() => import('./WireDetails.tsx'));
const Why = lazy(() => import('./Why.tsx'));

const FOLDERS: Readonly<Record<string, string>> = { pod: 'pods', service: 'services/specs', machine: 'minions' };

/** The etcd key that a selection names; undefined when it names an actor. */
function refOf(selected: string): string | undefined {
  const [kind, ...rest] = selected.split('/');
  if (kind === 'object') return `/${rest.join('/')}`;
  return Object.hasOwn(FOLDERS, kind) ? `/registry/${FOLDERS[kind]}/${rest.join('/')}` : undefined;
}

export function Inspector() {
  const { selected, why, set } = useFields('selected', 'why', 'set');
  const ref = selected === undefined ? undefined : refOf(selected);
  const name = (selected ?? '').split('/').slice(1).join('/');
  const isWire = selected?.startsWith('wire/') === true;
  const title = why !== undefined ? 'Why?' : isWire ? 'Connection' : ref === undefined ? name : (ref.split('/').at(-1) ?? '');
  return (
    <aside className={css.inspector} aria-label="Inspector">
      <header><b title={title}>{title}</b><button type="button" onClick={() => set({ selected: undefined, why: undefined })} aria-label="Close">×</button></header>
      <div className={css.body} tabIndex={0} role="region" aria-label="Details">
        <Suspense fallback={null}>{why !== undefined ? <Why id={why} /> : ref !== undefined ? <ObjectDetails path={ref} /> : isWire ? <WireDetails id={name} /> : <ActorDetails address={name} />}</Suspense>
      </div>
    </aside>
  );
}
