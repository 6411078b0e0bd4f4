/** What opens beside the stage. Nothing is fetched for it until it opens for the first time. */
import { lazy, Suspense, useState, type ReactElement } from 'react';

const Presence = lazy(() => import('./Presence.tsx'));

export function Panel({ shows, children }: { readonly shows: boolean; readonly children: ReactElement }) {
  const [wasShown, setShown] = useState(shows);
  if (shows && !wasShown) setShown(true);
  return (
    wasShown && (
      <Suspense fallback={null}>
        <Presence>
          {shows && (
            <Suspense fallback={null} key="panel">
              {children}
            </Suspense>
          )}
        </Presence>
      </Suspense>
    )
  );
}
