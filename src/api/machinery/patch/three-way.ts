/**
 * The patch that kubectl apply sends: what the new text wants changed, and what the last text had and the new one has not.
 * Upstream: apimachinery/pkg/util/strategicpatch CreateThreeWayMergePatch (v1.36). Simplified: lists merged by key are patched item by item without $setElementOrder.
 */
import { fieldModel } from '../../schema/definitions.ts';
import { sameJson } from './same-json.ts';
import { mergeKeyOf } from './merge-keys.ts';

type Rec = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Rec => typeof value === 'object' && value !== null && !Array.isArray(value);

export function threeWay(original: unknown, modified: unknown, current: unknown, model: string | undefined): Record<string, unknown> {
  const [was, wants, is] = [original, modified, current].map((v) => (isRecord(v) ? v : {}));
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(was)) if (!Object.hasOwn(wants, key) && Object.hasOwn(is, key)) patch[key] = null;
  for (const [key, value] of Object.entries(wants)) {
    if (value === undefined || sameJson(value, is[key])) continue;
    const inner = model === undefined ? undefined : fieldModel(model, key);
    if (isRecord(value)) {
      const part = threeWay(was[key], value, is[key], inner);
      if (Object.keys(part).length > 0 || !Object.hasOwn(is, key)) patch[key] = part;
    } else if (Array.isArray(value) && Array.isArray(is[key])) {
      const part = listPatch(was[key], value, is[key] as readonly unknown[], model === undefined ? undefined : mergeKeyOf(model, key), inner);
      if (part !== undefined) patch[key] = part;
    } else patch[key] = value;
  }
  return patch;
}

function listPatch(original: unknown, wants: readonly unknown[], is: readonly unknown[], key: string | undefined, model: string | undefined): readonly unknown[] | undefined {
  if (key === undefined) return wants;
  const id = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined);
  const was = Array.isArray(original) ? (original as readonly unknown[]) : [];
  const changes: unknown[] = [];
  for (const item of wants) {
    const now = is.find((other) => id(other) === id(item));
    if (now === undefined) { changes.push(item); continue; }
    const part = threeWay(was.find((other) => id(other) === id(item)), item, now, model);
    if (Object.keys(part).length > 0) changes.push({ [key]: id(item), ...part });
  }
  for (const item of was) if (!wants.some((other) => id(other) === id(item)) && is.some((other) => id(other) === id(item))) changes.push({ $patch: 'delete', [key]: id(item) });
  return changes.length > 0 ? changes : undefined;
}
