/** The stage: the cluster, a machine's inside or a component's, with the way back always in sight. */
import { ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from '../app/store.ts';
import { ClusterStage } from './ClusterStage.tsx';
import { textScale } from './text-scale.ts';
import { leave, useZoom } from './zoom.ts';
import css from './stage.module.css';

const Cutaway = lazy(() => import('./cutaway/Cutaway.tsx'));

/** Escape leaves a cutaway, once nothing else is open that it would close. */
function useLeaving(at: string): void {
  useEffect(() => {
    if (at === '') return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { selected, why, showsLegend } = useStore.getState();
      if (event.key !== 'Escape' || selected !== undefined || why !== undefined || showsLegend || (event.target as HTMLElement).closest('input, textarea, select')) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [at]);
}

if (new URLSearchParams(location.search).get('bench') === 'dots') void import('./crowd-bench.ts');

export default function Stage() {
  const at = useZoom((s) => s.at);
  useLeaving(at);
  return (
    <div className={css.stage} data-testid="stage" data-at={at} style={{ '--text-scale': textScale() } as React.CSSProperties}>
      {at === '' ? <ReactFlowProvider><ClusterStage /></ReactFlowProvider> : <Suspense fallback={null}><Cutaway at={at} /></Suspense>}
    </div>
  );
}
