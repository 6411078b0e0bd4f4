/** What shapes, colours and keys mean. */
import { m } from 'framer-motion';
import type { ReactNode } from 'react';
import { fromRight } from '../design/motion.ts';
import css from './legend.module.css';

const SHAPES = [
  ['control', 'control plane'],
  ['machine', 'machine'],
  ['network', 'network, Services'],
  ['storage', 'storage'],
  ['client', 'client'],
] as const;
const STATES = [
  ['●', 'ready', 'ok'],
  ['◐', 'running', 'busy'],
  ['○', 'starting', ''],
  ['◌', 'ending', ''],
  ['✗', 'failing', 'bad'],
  ['◇', 'no machine yet', ''],
  ['?', 'unknown', ''],
] as const;
const RINGS = [
  ['glow', 'who acts'],
  ['changed', 'has just changed'],
  ['next', 'changes next'],
] as const;
const DOTS = [
  ['full', 'a request, or its answer'],
  ['hollow', 'an event of a watch'],
  ['refused', 'refused'],
] as const;
const KEYS = [
  ['→', 'PageDown', 'next beat'],
  ['←', 'PageUp', 'back'],
  ['Shift →', '', 'a single message'],
  ['Space', '', 'play'],
  ['Home', 'End', 'to the start, the end'],
  ['W', '', 'let time pass'],
  ['U', '', 'undo the last command'],
  ['Enter', '', 'look inside'],
  ['Escape', '', 'close, leave'],
  ['P', '', 'present'],
  ['S', '', 'sequence of messages'],
  ['N', '', 'a lesson’s next step'],
  ['T', '', 'light or dark'],
] as const;
const EDITOR_KEYS = [
  ['Ctrl Enter', '', 'apply'],
  ['Ctrl Space', '', 'suggest'],
  ['Ctrl .', '', 'mend'],
  ['Escape', 'Tab', 'leave the editor'],
] as const;

const Eye = () => (
  <svg className={css.eye} width="24" height="14" viewBox="-12 -7 24 14" aria-hidden="true">
    <path d="M-10 0Q0-9 10 0Q0 9-10 0Z" />
    <circle r="2.6" />
  </svg>
);
const Entry = ({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) => (
  <li>
    <span className={css.sign}>{sign}</span>
    {children}
  </li>
);
const Keys = ({ of }: { readonly of: readonly (readonly [string, string, string])[] }) => (
  <ul>
    {of.map(([key, other, what]) => (
      <Entry
        key={key + what}
        sign={
          <>
            <kbd>{key}</kbd>
            {other && <kbd>{other}</kbd>}
          </>
        }
      >
        {what}
      </Entry>
    ))}
  </ul>
);

export function Legend() {
  return (
    <m.section {...fromRight} className={css.legend} aria-label="Legend" tabIndex={0}>
      <div>
        <h2>Legend</h2>
        <ul>
          {SHAPES.map(([plane, what]) => (
            <Entry key={plane} sign={<i className={css.shape} data-plane={plane} />}>
              {what}
            </Entry>
          ))}
        </ul>
        <h3>Pods</h3>
        <ul className={css.states}>
          {STATES.map(([glyph, what, tone]) => (
            <Entry key={what} sign={<b data-tone={tone}>{glyph}</b>}>
              {what}
            </Entry>
          ))}
        </ul>
        <p>
          A pod stands on its pause container: the bar with the address. A double click on a machine or a component looks inside. Many
          machines are tiles with the number of their pods: amber while one of them is not ready, red when the machine is not.
        </p>
      </div>
      <div className={css.keys}>
        <h2>What happens</h2>
        <ul className={css.marks}>
          {RINGS.map(([ring, what]) => (
            <Entry key={ring} sign={<i className={css.shape} data-plane="control" data-mark={ring} />}>
              {what}
            </Entry>
          ))}
          {DOTS.map(([dot, what]) => (
            <Entry key={dot} sign={<i className={css.dot} data-dot={dot} />}>
              {what}
            </Entry>
          ))}
          <Entry sign={<Eye />}>a watch that is held open</Entry>
        </ul>
        <h3>In the editor</h3>
        <Keys of={EDITOR_KEYS} />
      </div>
      <div className={css.keys}>
        <h2>Keys</h2>
        <Keys of={KEYS} />
      </div>
    </m.section>
  );
}
