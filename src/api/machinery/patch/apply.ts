/**
 * What `kubectl apply` sends: the three-way strategic merge patch between what was applied last, what is applied now and what is there.
 * Upstream: strategicpatch.CreateThreeWayMergePatch, k8s.io/kubectl pkg/util/apply.go (v1.36).
 * Simplified: every kind has a schema; conflicts with others' changes are always overwritten, as kubectl's --overwrite=true default does.
 */
import type { KubeObject } from '../../object.ts';
import { goJson } from '../go-json.ts';
import { diffMaps } from './diff.ts';
import { mergeMap } from './strategic.ts';
import { isRecord, type Rec } from './values.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** `original`: the last applied configuration, `modified`: with the annotation of `withLastApplied`. An empty patch means unchanged. Throws an Error in upstream's words. */
export function threeWayPatch(r: {
  readonly original: unknown;
  readonly modified: unknown;
  readonly current: unknown;
  readonly model: string;
}): Rec {
  const [original, modified, current] = [asMap(r.original), asMap(r.modified), asMap(r.current)];
  const additions = diffMaps(current, modified, r.model, { ignoresDeletions: true });
  const deletions = diffMaps(original, modified, r.model, { ignoresChangesAndAdditions: true });
  return mergeMap(deletions, additions, r.model, { onPatch: true });
}

const asMap = (value: unknown): Rec => (isRecord(value) ? value : {});

/** The object as JSON in one line with a newline, keys in byte order, as kubectl writes it into the annotation; the annotation itself is left out of it. */
export function lastAppliedText(object: KubeObject): string {
  const { [LAST_APPLIED]: _self, ...annotations } = object.metadata?.annotations ?? {};
  return `${goJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`;
}

export const withLastApplied = <O extends KubeObject>(object: O): O => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, [LAST_APPLIED]: lastAppliedText(object) } },
});

/** What was applied last; undefined when the object was made another way or the text is no JSON. */
export function lastAppliedOf(object: KubeObject): unknown {
  const text = object.metadata?.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
