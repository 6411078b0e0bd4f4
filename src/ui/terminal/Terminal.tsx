/** kubectl, typed. What it prints is read from the trace, at the row that is shown. */
import { useMemo, useState } from 'react';
import { splitLine } from '../../kubectl/argv.ts';
import { useStore } from '../app/store.ts';
import { activeText } from '../editor/drafts.ts';
import { execCommand } from './exec.ts';
import css from './terminal.module.css';

/** Whether the command reads the manifest: `-f -`, `--filename=-`. */
const readsStdin = (args: readonly string[]): boolean => args.some((arg, i) => (arg === '-' && /^(-f|--filename)$/.test(args[i - 1] ?? '')) || /^(-f=?|--filename=)-$/.test(arg));

export function Terminal() {
  const { events, row, bootRows, act, isBusy, status } = useStore();
  const [line, setLine] = useState('');
  const lines = useMemo(() => {
    const out: { readonly kind: 'in' | 'out' | 'err'; readonly text: string }[] = [];
    for (let i = bootRows; i < row; i++) {
      const event = events[i];
      if (event.type !== 'note') continue;
      if (event.fact.says === 'kubectl/started') out.push({ kind: 'in', text: `$ kubectl ${String(event.fact.with?.command)}` });
      if (event.fact.says === 'curl/done') { const done = event.fact.with as { readonly host: string; readonly verdict: string; readonly body?: string; readonly why: string }; out.push({ kind: 'in', text: `$ curl ${done.host}` }, done.verdict === 'answered' ? { kind: 'out', text: done.body ?? '' } : { kind: 'err', text: `curl: ${done.why}` }); }
      if (event.fact.says === 'dig/done') { const done = event.fact.with as { readonly name: string; readonly rcode: string; readonly answers: readonly string[] }; out.push({ kind: 'in', text: `$ nslookup ${done.name}` }, { kind: done.rcode === 'NOERROR' ? 'out' : 'err', text: done.answers.join('\n') || done.rcode }); }
      if (event.fact.says === 'kubectl/exited') { if (event.fact.with?.stdout) out.push({ kind: 'out', text: String(event.fact.with.stdout) }); if (event.fact.with?.stderr) out.push({ kind: 'err', text: String(event.fact.with.stderr) }); }
    }
    return out;
  }, [events, row, bootRows]);
  const run = (): void => {
    const words = splitLine(line.trim());
    if (words.length === 0) return;
    const args = words[0] === 'kubectl' ? words.slice(1) : words;
    act(execCommand(args) ?? { do: 'kubectl', args, stdin: readsStdin(args) ? activeText() : '' });
    setLine('');
  };
  return (
    <div className={css.terminal}>
      <div className={css.out} role="log" aria-label="kubectl output">{lines.length === 0 && <p>Try: get pods -o wide · describe pod … · scale deploy/web --replicas=5 · apply -f - (the manifest) · exec POD -- curl http://web</p>}{lines.map((l, i) => <pre key={i} data-kind={l.kind}>{l.text}</pre>)}</div>
      <form onSubmit={(e) => { e.preventDefault(); run(); }}><label>$ kubectl <input value={line} onChange={(e) => setLine(e.target.value)} aria-label="kubectl command" autoComplete="off" spellCheck={false} disabled={status !== 'ready' || isBusy} /></label></form>
    </div>
  );
}
