import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../design/tokens.css';
import { App } from './App.tsx';
import { rowFromLink, sessionFromLink } from './share.ts';
import { openWorker, useStore } from './store.ts';

const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
sessionFromLink(location.hash).then((session) => openWorker(session, {}, rowFromLink(location.hash)), (error: unknown) => { openWorker(); useStore.setState({ message: `This link could not be read, so a fresh cluster was started: ${(error as Error).message}` }); });
