import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../design/tokens.css';
import type { Session } from '../../engine/session.ts';
import { openDraft } from '../editor/drafts.ts';
import { App } from './App.tsx';
import { takeUpRun } from './keep.ts';
import { rowFromLink, sessionFromLink } from './share.ts';
import { openWorker, useStore } from './store.ts';

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );

/** Who opens a link sees the manifest that was applied last, in a file of its own. */
function showManifest(session: Session | undefined): void {
  const applied = session?.commands
    .map((c) => c.command)
    .findLast((c) => c?.do === 'kubectl' && c.args?.includes('-f') && c.stdin?.trim() !== '');
  if (applied?.do === 'kubectl') openDraft('shared.yaml', applied.stdin);
}

const kept = takeUpRun();
if (kept) openWorker(kept.session, {}, kept.row);
else
  sessionFromLink(location.hash).then(
    (session) => {
      openWorker(session, {}, rowFromLink(location.hash));
      showManifest(session);
    },
    (error: unknown) => {
      openWorker();
      useStore.setState({ message: `This link could not be read, so a fresh cluster was started: ${(error as Error).message}` });
    },
  );

if (import.meta.env.PROD)
  window.addEventListener('load', () => {
    navigator.serviceWorker?.register('./sw.js').catch(() => undefined);
  });
