/** Text, what is wrong with it at its line, and Apply. The text is kept in the browser and survives everything. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../api/manifest/parse.ts';
import { useStore } from '../app/store.ts';
import { SAMPLE } from '../../scenarios/sample.ts';
import css from './editor.module.css';

const CHECK_AFTER_MS = 250;

export function Editor() {
  const { text, status, isBusy, act, set } = useStore();
  const [problems, setProblems] = useState<readonly Diagnostic[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  useEffect(() => {
    try { localStorage.setItem('orrery/manifest', text); } catch { /* the draft lives as long as the page */ }
    const timer = window.setTimeout(() => { void import('../../api/manifest/parse.ts').then(({ parseManifest }) => setProblems(parseManifest(text).diagnostics)); }, CHECK_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  const marked = useMemo(() => new Map(problems.map((p) => [p.line, p.severity])), [problems]);
  const count = Math.min(text.split('\n').length, 5000);
  const errors = problems.filter((p) => p.severity === 'error').length;
  const apply = (): void => act({ do: 'kubectl', args: ['apply', '-f', '-'], stdin: text });
  const show = (problem: Diagnostic): void => {
    const start = text.split('\n').slice(0, problem.line - 1).join('\n').length + (problem.line > 1 ? 1 : 0) + problem.column - 1;
    area.current?.focus();
    area.current?.setSelectionRange(start, start + Math.max(1, problem.endLine === problem.line ? problem.endColumn - problem.column : 1));
  };
  return (
    <div className={css.editor}>
      <div className={css.text}>
        <pre ref={gutter} className={css.gutter} aria-hidden="true">{Array.from({ length: count }, (_, i) => <span key={i} data-severity={marked.get(i + 1)}>{i + 1}{'\n'}</span>)}</pre>
        <textarea ref={area} value={text} spellCheck={false} aria-label="Manifest" wrap="off" onScroll={(e) => { if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop; }} onChange={(e) => set({ text: e.target.value })} onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); apply(); } }} />
      </div>
      {problems.length > 0 && <ul className={css.problems} aria-label="Problems">{problems.slice(0, 20).map((p, i) => <li key={`${p.line}/${i}`} data-severity={p.severity}><button type="button" onClick={() => show(p)}>line {p.line}: {p.message}{p.hint ? ` — ${p.hint}` : ''}</button></li>)}</ul>}
      <div className={css.foot}>
        <button type="button" className={css.apply} onClick={apply} disabled={status !== 'ready' || isBusy}>kubectl apply</button>
        <span role="status">{errors > 0 ? `${errors} problem${errors > 1 ? 's' : ''}` : 'valid · Kubernetes v1.36'}</span>
        <button type="button" onClick={() => set({ text: SAMPLE })}>Sample</button>
      </div>
    </div>
  );
}
