/** Stands in for d3-transition in the page: the stage's viewport is set, never animated, so that of all its code d3-zoom only asks to stop what has never begun. */
import { selection } from 'd3-selection';

selection.prototype.interrupt = function nothingToStop() {
  return this;
};
export function interrupt() {
  /* nothing runs */
}
