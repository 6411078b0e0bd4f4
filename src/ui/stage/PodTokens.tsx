/**
 * Pods on a machine: tokens that stand on their foundations, and shapes where there are many. Plain DOM inside the machine, so that hundreds stay cheap.
 * Words that change have their text as key: Chromium does not always paint anew a text that was only exchanged inside a scaled button.
 */
import { createContext, memo, useContext, useState, type RefObject } from 'react';
import type { Focus, Ring } from '../../views/focus.ts';
import type { PodToken } from '../../views/pod-token.ts';
import { placed } from './placed.ts';
import { select } from './select.ts';
import css from './stage.module.css';

const nameOf = (pod: PodToken): string => `Pod ${pod.name}: ${pod.word} (${pod.status})${pod.foundation ? `, ${pod.foundation.ip}` : ''}`;

/** Whether the stage has been seen: what comes to it later is born, what it begins with was there. */
export const WasSeen = createContext<RefObject<boolean>>({ current: true });

const Token = memo(({ pod, ring, isDim }: { readonly pod: PodToken; readonly ring: Ring | undefined; readonly isDim: boolean }) => {
  const seen = useContext(WasSeen);
  const [isBorn] = useState(seen.current);
  return (
    <button
      type="button"
      className={css.pod}
      data-born={isBorn || undefined}
      style={placed(pod.box)}
      data-tone={pod.tone}
      data-ring={ring}
      data-dim={isDim || undefined}
      data-pod={pod.key}
      onClick={() => select(`pod/${pod.key}`)}
      title={nameOf(pod)}
    >
      <span className={css.podName} data-word={pod.wordAt}>
        <i key={pod.glyph} aria-hidden="true">
          {pod.glyph}
        </i>
        <b>{pod.title}</b>
        {pod.wordAt !== 'address' && (
          <em key={pod.word}>
            {pod.wordAt === 'below' && pod.title !== pod.short && <small>{pod.short}</small>} {pod.word}
          </em>
        )}
      </span>
      <span className={css.blocks} data-pattern={pod.pattern || undefined}>
        {pod.containers.slice(0, 6).map((c) => (
          <i key={c.name} data-state={c.state} />
        ))}
      </span>
      {pod.foundation ? (
        <span key="foundation" className={css.foundation} data-reported={pod.foundation.isReported || undefined}>
          {pod.foundation.ip || 'machine’s'}
          {pod.beside && <small key={pod.beside}>{pod.beside}</small>}
        </span>
      ) : (
        <span key="ground" className={css.ground}>
          {pod.wordAt === 'address' ? pod.word : pod.ground}
        </span>
      )}
    </button>
  );
});

const Cell = memo(({ pod, ring }: { readonly pod: PodToken; readonly ring: Ring | undefined }) => (
  <button
    type="button"
    className={css.cell}
    style={placed(pod.box)}
    data-tone={pod.tone}
    data-ring={ring}
    data-pod={pod.key}
    onClick={() => select(`pod/${pod.key}`)}
    title={nameOf(pod)}
    aria-label={nameOf(pod)}
  >
    <span key={pod.glyph} aria-hidden="true">
      {pod.glyph}
    </span>
  </button>
));

export const PodTokens = memo(
  ({ pods, cells, focus }: { readonly pods: readonly PodToken[]; readonly cells: readonly PodToken[]; readonly focus: Focus }) => {
    const hasHero = pods.some((p) => focus.rings.has(`pod/${p.key}`)) || cells.some((p) => focus.rings.has(`pod/${p.key}`));
    return (
      <>
        {pods.map((pod) => {
          const ring = focus.rings.get(`pod/${pod.key}`);
          return <Token key={pod.key} pod={pod} ring={ring} isDim={ring === undefined && (pod.isSystem || hasHero)} />;
        })}
        {cells.map((pod) => (
          <Cell key={pod.key} pod={pod} ring={focus.rings.get(`pod/${pod.key}`)} />
        ))}
      </>
    );
  },
);
