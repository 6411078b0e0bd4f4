/** The stage: the cluster, a machine's inside or a component's, with the way back always in sight. */
import { ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useStore } from '../app/store.ts';
import { ClusterStage } from './ClusterStage.tsx';
import { textScale } from './text-scale.ts';
import { arrived, leave, useZoom } from './zoom.ts';
import css from './stage.module.css';

const Cutaway = lazy(() => import('./cutaway/Cutaway.tsx'));

/** Escape leaves a cutaway, once nothing else is open that it would close. */
function useLeaving(at: string): void {
  useEffect(() => {
    if (at === '') return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { selected, why, showsLegend } = useStore.getState();
      if (
        event.key !== 'Escape' ||
        selected !== undefined ||
        why !== undefined ||
        showsLegend ||
        (event.target as HTMLElement).closest('input, textarea, select')
      )
        return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [at]);
}

if (new URLSearchParams(location.search).get('bench') === 'dots') void import('./crowd-bench.ts');

/** One zoom. It is laid out as soon as it is wanted, and seen when it has something to show. */
function View({ at, isShown, onReady }: { readonly at: string; readonly isShown: boolean; readonly onReady: (at: string) => void }) {
  return (
    <div className={css.view} data-waits={!isShown || undefined} inert={!isShown}>
      {at === '' ? (
        <ReactFlowProvider>
          <ClusterStage onReady={onReady} />
        </ReactFlowProvider>
      ) : (
        <Suspense fallback={null}>
          <Cutaway at={at} isShown={isShown} onReady={onReady} />
        </Suspense>
      )}
    </div>
  );
}

/** Where we were stays in sight until there is something to see where we are: in between there is never nothing. */
export default function Stage() {
  const at = useZoom((s) => s.at);
  const [shown, show] = useState(at);
  useLeaving(at);
  useEffect(arrived, [shown]);
  const onReady = useCallback((view: string) => {
    if (useZoom.getState().at === view) show(view);
  }, []);
  return (
    <div className={css.stage} data-testid="stage" data-at={at} style={{ '--text-scale': textScale() } as React.CSSProperties}>
      {(at === shown ? [at] : [at, shown]).map((view) => (
        <View key={view} at={view} isShown={view === shown} onReady={onReady} />
      ))}
      {at !== shown && (
        <p className={css.looking} role="status">
          Looking inside …
        </p>
      )}
    </div>
  );
}
