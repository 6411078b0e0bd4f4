/** Stands in for d3-transition and d3-interpolate in the page: the stage's viewport is set, never animated, so that of all their code d3-zoom only asks to stop what has never begun. */
import { selection } from 'd3-selection';

selection.prototype.interrupt = function nothingToStop() {
  return this;
};
export function interrupt() {
  /* nothing runs */
}
/** Ways between two viewports, which a transition alone asks for. */
export const interpolate = undefined;
export const interpolateZoom = undefined;
