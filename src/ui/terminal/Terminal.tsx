/** kubectl, typed. What it prints is read from the trace, at the row that is shown. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { CTRL_D, PS2 } from '../../lib/control-keys.ts';
import { canWiden, useNarrow, widen } from '../app/splitter.ts';
import { useStore } from '../app/store.ts';
import { logAt, type LogLine, type Running } from './log-lines.ts';
import { interrupt, isFree, readerOf, typed, useAhead } from './typed-ahead.ts';
import css from './terminal.module.css';

/** The line that is typed, and those before it, which ↑ and ↓ bring back. */
function useLine() {
  const [line, setLine] = useState('');
  const [before, setBefore] = useState<readonly string[]>([]);
  /** How far back in what was typed the line is taken from. */
  const [back, setBack] = useState(0);
  const enter = (): void => {
    if (line.trim() === '' && !readerOf(logAt(useStore.getState()))) return;
    setBefore([line, ...before]);
    setBack(0);
    setLine('');
    typed(line);
  };
  const recall = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.ctrlKey && event.key === 'd' && line === '' && readerOf(logAt(useStore.getState()))) {
      event.preventDefault();
      return interrupt(undefined, CTRL_D);
    }
    if (event.ctrlKey && event.key === 'c' && event.currentTarget.selectionStart === event.currentTarget.selectionEnd) return interrupt();
    const to = back + (event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0);
    if (to === back || to < 0 || to > before.length) return;
    event.preventDefault();
    setBack(to);
    setLine(to === 0 ? '' : before[to - 1]);
  };
  return { line, setLine, enter, recall };
}

/** What goes on, whatever has scrolled away. */
const StillRuns = (one: Running) => {
  const { text, prompt } = one;
  /** A shell at its prompt ends by another key than what it runs. */
  const isIdle = prompt !== undefined && prompt !== '' && prompt !== PS2;
  const key = isIdle ? 'Ctrl-D' : 'Ctrl-C';
  return (
    <p className={css.running}>
      <span>{text}</span> runs
      <button
        type="button"
        onClick={() => interrupt(one, isIdle ? CTRL_D : undefined)}
        aria-label={`${key}: end ${isIdle || prompt === undefined ? text.slice(2) : 'what its shell runs'}`}
      >
        {key}
      </button>
    </p>
  );
};

const Output = ({ lines }: { readonly lines: readonly LogLine[] }) => {
  const log = useRef<HTMLDivElement>(null);
  const count = lines.length;
  const lacks = useLack(log, count);
  const narrow = useNarrow();
  const hasRow = lacks > 0 || narrow !== undefined;
  // Who reads what is further up is left there until something is printed.
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [count, lacks, hasRow]);
  return (
    <>
      <div className={css.out} ref={log} role="log" aria-label="kubectl output">
        {lines.length === 0 && (
          <p>
            Try: get pods -o wide · describe pod … · scale deploy/web --replicas=5 · apply -f - (the manifest) · exec POD -- curl http://web
            · exec -it POD -- sh · get pods -w, then apply, then Ctrl-C · port-forward svc/web 8080:80, then curl localhost:8080
          </p>
        )}
        {lines.map((l, i) => (
          <pre key={i} data-kind={l.kind}>
            {l.text}
            {l.kind === 'wait' && <small>waits for the story: End shows its answer</small>}
          </pre>
        ))}
      </div>
      {hasRow && (
        <p className={css.running}>
          <span>{lacks > 0 && 'lines end outside'}</span>
          <button type="button" onClick={() => (lacks > 0 ? widen(log.current?.offsetWidth ?? 0, lacks) : narrow?.())}>
            {lacks > 0 ? '↔ widen' : '↔ as before'}
          </button>
        </p>
      )}
    </>
  );
};

/** How many pixels of the longest line cannot be seen, and could be. */
function useLack(log: RefObject<HTMLDivElement | null>, count: number): number {
  const [lack, setLack] = useState(0);
  useLayoutEffect(() => {
    const of = log.current;
    if (!of) return undefined;
    const look = (): void => setLack(canWiden(of.offsetWidth) ? of.scrollWidth - of.clientWidth : 0);
    const observer = new ResizeObserver(look);
    observer.observe(of);
    look();
    return () => observer.disconnect();
  }, [log, count]);
  return lack;
}

export function Terminal() {
  const store = useStore();
  const { events, row, bootRows, session } = store;
  const { queue, sent } = useAhead();
  /** Where was typed while this was fetched: the words and the focus go on here. */
  const [early, setEarly] = useState(() => document.querySelector<HTMLInputElement>('#prompt'));
  const { line, setLine, enter, recall } = useLine();
  const { lines, running, prompt } = useMemo(() => {
    const told = logAt({ events, row, bootRows, session });
    const reader = readerOf(told);
    const ahead = [...(sent ? [sent.line] : []), ...queue].map((text): LogLine => ({
      kind: 'wait',
      text: reader ? text : /^curl\s/.test(text.trim()) ? `laptop$ ${text.trim()}` : `$ kubectl ${text.trim().replace(/^kubectl\s+/, '')}`,
    }));
    return { lines: [...told.lines, ...ahead], running: told.running, prompt: reader?.prompt };
  }, [events, row, bootRows, session, sent, queue]);
  const takeOver = (): void => {
    if (early) {
      if (early.dataset.entered) typed(early.value);
      else setLine(early.value);
      setEarly(null);
    }
  };
  return (
    <div className={css.terminal}>
      <Output lines={lines} />
      {running.map((one) => (
        <StillRuns key={one.client} {...one} />
      ))}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          enter();
        }}
      >
        <label>
          <span className={css.prompt}>{prompt ?? '$ kubectl '}</span>
          <input
            id="prompt"
            autoFocus={early !== null}
            onFocus={takeOver}
            value={line}
            onChange={(e) => setLine(e.target.value)}
            aria-label="kubectl command"
            autoComplete="off"
            spellCheck={false}
            onKeyDown={recall}
            aria-busy={!isFree(store)}
          />
        </label>
      </form>
    </div>
  );
}
