/** What is selected: an object, an actor's inside, or why something happened. The details are loaded when first asked for. */
import { m, useIsPresent } from 'framer-motion';
import { lazy, Suspense, useState } from 'react';
import { useFields } from '../app/store.ts';
import { fromRight } from '../design/motion.ts';
import css from './inspector.module.css';

const loads = {
  object: () => import('./ObjectDetails.tsx'),
  actor: () => import('./ActorDetails.tsx'),
  wire: () => import('./WireDetails.tsx'),
  why: () => import('./Why.tsx'),
} as const;
const ObjectDetails = lazy(loads.object);
const ActorDetails = lazy(loads.actor);
const WireDetails = lazy(loads.wire);
const Why = lazy(loads.why);
/** Fetches what may be asked for, so that the first answer comes as fast as the next. */
export const fetchAhead = (): void => {
  for (const load of Object.values(loads)) void load();
};

const FOLDERS: Readonly<Record<string, string>> = { pod: 'pods', service: 'services/specs', machine: 'minions' };

/** The etcd key that a selection names; undefined when it names an actor. */
function refOf(selected: string): string | undefined {
  const [kind, ...rest] = selected.split('/');
  if (kind === 'object') return `/${rest.join('/')}`;
  return Object.hasOwn(FOLDERS, kind) ? `/registry/${FOLDERS[kind]}/${rest.join('/')}` : undefined;
}

export function Inspector() {
  const { set, ...chosen } = useFields('selected', 'why', 'set');
  const [kept, keep] = useState(chosen);
  // As it leaves it still shows what it showed.
  if (useIsPresent() && (kept.selected !== chosen.selected || kept.why !== chosen.why)) keep(chosen);
  const { selected, why } = kept;
  const ref = selected === undefined ? undefined : refOf(selected);
  const name = (selected ?? '').split('/').slice(1).join('/');
  const isWire = selected?.startsWith('wire/') === true;
  const title = why !== undefined ? 'Why?' : isWire ? 'Connection' : ref === undefined ? name : (ref.split('/').at(-1) ?? '');
  return (
    <m.aside {...fromRight} className={css.inspector} aria-label="Inspector">
      <header>
        <b title={title}>{title}</b>
        <button type="button" onClick={() => set({ selected: undefined, why: undefined })} aria-label="Close">
          ×
        </button>
      </header>
      <div className={css.body} tabIndex={0} role="region" aria-label="Details">
        <Suspense fallback={null}>
          {why !== undefined ? (
            <Why id={why} />
          ) : ref !== undefined ? (
            <ObjectDetails path={ref} />
          ) : isWire ? (
            <WireDetails id={name} />
          ) : (
            <ActorDetails address={name} />
          )}
        </Suspense>
      </div>
    </m.aside>
  );
}
