/** `threeWayPatch` as kubectl calls it today. */
import { threeWayPatch } from './apply.ts';

export const threeWay = (original: unknown, modified: unknown, current: unknown, model: string | undefined): Readonly<Record<string, unknown>> => threeWayPatch({ original, modified, current, model });
