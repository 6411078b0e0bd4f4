/** What shapes, colours and keys mean. */
import { m } from 'framer-motion';
import { fromRight } from '../design/motion.ts';
import css from './app.module.css';

export function Legend() {
  return (
    <m.section {...fromRight} className={css.legend} aria-label="Legend" tabIndex={0}>
      <b>Legend</b>
      <ul>
        <li>box: control plane · notched box: machine · dashed: network · cylinder: storage · terminal: client</li>
        <li>● ready · ◐ running · ○ starting · ◌ ending · ✗ failing · ◇ no machine yet</li>
        <li>A pod stands on its pause container: the bar with the address.</li>
        <li>glow: who acts · solid ring: just changed · dotted ring: changes next · eye: a watch that its client holds open</li>
        <li>solid dot: request or answer · hollow dot: watch event · red: refused</li>
      </ul>
      <b>Keys</b>
      <ul><li>→ PageDown: next beat · ← PageUp: back · Shift →: one message · Space: play · Home, End: to the start, to the end</li><li>Pace “by message”: one at a time, with or without heartbeats · W: wait until something happens · U: undo the last command · N: a lesson’s next step</li><li>P: present · S: sequence of messages · T: theme · ?: this · Enter or double click: look inside · Escape: close, leave</li><li>In the editor: Ctrl+Enter applies · Ctrl+Space suggests · Ctrl+. mends · Escape, then Tab leaves</li></ul>
    </m.section>
  );
}
