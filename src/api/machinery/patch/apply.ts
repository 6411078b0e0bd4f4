/**
 * What `kubectl apply` sends: the three-way strategic merge patch between what was applied last, what is applied now and what is there.
 * Upstream: strategicpatch.CreateThreeWayMergePatch, jsonmergepatch.CreateThreeWayJSONMergePatch, k8s.io/kubectl pkg/util/apply.go (v1.36).
 * Simplified: conflicts with others' changes are always overwritten, as kubectl's --overwrite=true default does.
 */
import type { KubeObject } from '../../object.ts';
import { diffMaps } from './diff.ts';
import { define } from './merge.ts';
import { mergeMap } from './strategic.ts';
import { isList, isRecord, own, type Rec } from './values.ts';
import { sameJson } from './same-json.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** `original`: the last applied configuration, `modified`: with the annotation of `withLastApplied`. An empty patch means unchanged. Throws an Error in upstream's words. */
export function threeWayPatch(r: { readonly original: unknown; readonly modified: unknown; readonly current: unknown; readonly model: string | undefined }): Rec {
  const [original, modified, current] = [asMap(r.original), asMap(r.modified), asMap(r.current)];
  const additions = diffMaps(current, modified, r.model, { ignoresDeletions: true });
  const deletions = diffMaps(original, modified, r.model, { ignoresChangesAndAdditions: true });
  return mergeMap(deletions, additions, r.model, { onPatch: true });
}

/** The two-way patch, as kubectl edit and `set` compute it. */
export const twoWayPatch = (r: { readonly original: unknown; readonly modified: unknown; readonly model: string | undefined }): Rec => diffMaps(asMap(r.original), asMap(r.modified), r.model, {});

const asMap = (value: unknown): Rec => (isRecord(value) ? value : {});

/** For kinds without a schema: the same as a JSON merge patch. */
export function threeWayMergePatch(r: { readonly original: unknown; readonly modified: unknown; readonly current: unknown }): Rec {
  return joined(mergeDiff(asMap(r.original), asMap(r.modified), 'deletions'), mergeDiff(asMap(r.current), asMap(r.modified), 'changes'));
}

function mergeDiff(from: Rec, to: Rec, want: 'deletions' | 'changes'): Rec {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(to)) {
    const [old, value] = [own(from, key), to[key]];
    if (isRecord(old) && isRecord(value)) { const inner = mergeDiff(old, value, want); if (Object.keys(inner).length > 0) define(patch, key, inner); }
    else if (want === 'changes' && value !== undefined && (isList(value) ? !sameJson(old, value) : old !== value)) define(patch, key, value);
  }
  if (want === 'deletions') for (const key of Object.keys(from)) if (own(to, key) === undefined) define(patch, key, null);
  return patch;
}

function joined(a: Rec, b: Rec): Rec {
  const out: Record<string, unknown> = { ...a };
  for (const key of Object.keys(b)) { const [x, y] = [own(out, key), b[key]]; define(out, key, isRecord(x) && isRecord(y) ? joined(x, y) : y); }
  return out;
}

/** The object as JSON in one line with a newline, keys in byte order, as kubectl writes it into the annotation; the annotation itself is left out of it. */
export function lastAppliedText(object: KubeObject): string {
  const { [LAST_APPLIED]: _self, ...annotations } = object.metadata?.annotations ?? {};
  return `${goJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`;
}

export const withLastApplied = <O extends KubeObject>(object: O): O => ({ ...object, metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, [LAST_APPLIED]: lastAppliedText(object) } } });

/** What was applied last; undefined when the object was made another way or the text is no JSON. */
export function lastAppliedOf(object: KubeObject): unknown {
  const text = object.metadata?.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try { return JSON.parse(text); } catch { return undefined; }
}

function goJson(value: unknown): string {
  if (isList(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isRecord(value)) return (JSON.stringify(value) ?? 'null').replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${goJson(key)}:${goJson(value[key])}`).join(',')}}`;
}
