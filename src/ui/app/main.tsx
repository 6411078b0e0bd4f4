import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../design/tokens.css';
import type { Session } from '../../engine/session.ts';
import { openDraft } from '../editor/drafts.ts';
import { App } from './App.tsx';
import { takeUpRun } from './keep.ts';
import { rowFromLink, sessionFromLink, topologyFromAddress } from './share.ts';
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

/** What the address asks for: a session, or a cluster of some size. */
async function openAsAsked(): Promise<void> {
  const session = await sessionFromLink(location.hash).catch((error: unknown) => {
    throw new Error(`This link could not be read, so a fresh cluster was started: ${(error as Error).message}`);
  });
  openWorker(session, topologyFromAddress(location.search), rowFromLink(location.hash));
  showManifest(session);
}

const kept = takeUpRun();
if (kept) openWorker(kept.session, {}, kept.row);
else
  openAsAsked().catch((error: unknown) => {
    openWorker();
    useStore.setState({ message: (error as Error).message });
  });

if (import.meta.env.PROD)
  window.addEventListener('load', () => {
    navigator.serviceWorker?.register('./sw.js').catch(() => undefined);
  });
