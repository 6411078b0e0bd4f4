/** A box of a scene as the style of its element. */
import type { CSSProperties } from 'react';
import type { Box } from '../../views/geometry.ts';

export const placed = ({ x, y, w, h }: Box): CSSProperties => ({ left: x, top: y, width: w, height: h });
