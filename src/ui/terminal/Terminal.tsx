/** kubectl, typed. What it prints is read from the trace, at the row that is shown. */
import { useMemo, useState } from 'react';
import { splitLine } from '../../kubectl/argv.ts';
import { useStore } from '../app/store.ts';
import css from './terminal.module.css';

export function Terminal() {
  const { events, row, bootRows, act, isBusy, status } = useStore();
  const [line, setLine] = useState('');
  const lines = useMemo(() => {
    const out: { readonly kind: 'in' | 'out' | 'err'; readonly text: string }[] = [];
    for (let i = bootRows; i < row; i++) {
      const event = events[i];
      if (event.type !== 'note') continue;
      if (event.fact.says === 'kubectl/started') out.push({ kind: 'in', text: `$ kubectl ${String(event.fact.with?.command)}` });
      if (event.fact.says === 'kubectl/exited') { if (event.fact.with?.stdout) out.push({ kind: 'out', text: String(event.fact.with.stdout) }); if (event.fact.with?.stderr) out.push({ kind: 'err', text: String(event.fact.with.stderr) }); }
    }
    return out;
  }, [events, row, bootRows]);
  const run = (): void => {
    const words = splitLine(line.trim());
    if (words.length === 0) return;
    act({ do: 'kubectl', args: words[0] === 'kubectl' ? words.slice(1) : words, stdin: useStore.getState().text });
    setLine('');
  };
  return (
    <div className={css.terminal}>
      <div className={css.out} role="log" aria-label="kubectl output">{lines.length === 0 && <p>Try: get pods -o wide · describe pod … · scale deploy/web --replicas=5 · apply -f - (the manifest)</p>}{lines.map((l, i) => <pre key={i} data-kind={l.kind}>{l.text}</pre>)}</div>
      <form onSubmit={(e) => { e.preventDefault(); run(); }}><label>$ kubectl <input value={line} onChange={(e) => setLine(e.target.value)} aria-label="kubectl command" autoComplete="off" spellCheck={false} disabled={status !== 'ready' || isBusy} /></label></form>
    </div>
  );
}
