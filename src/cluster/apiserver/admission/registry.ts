/** The admission chain, in upstream's order. */
import { assert } from '../../../lib/assert.ts';
import type { V1Status } from '../../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { ServerView } from '../view.ts';
import type { AdmissionPlugin, Attributes } from './admission.ts';

const files = import.meta.glob<AdmissionPlugin>('./plugins/*.ts', { eager: true, import: 'default' });
export const admissionPlugins: readonly AdmissionPlugin[] = Object.keys(files)
  .map((path) => files[path])
  .sort((a, b) => a.order - b.order);
assert(admissionPlugins.length > 0, 'no admission plugin was found');

/** Runs the mutating chain. */
export function admit(
  attributes: Attributes,
  view: ServerView,
): { readonly object: KubeObject; readonly changedBy: readonly string[] } | { readonly status: V1Status } {
  let now = attributes;
  const changedBy: string[] = [];
  for (const plugin of admissionPlugins) {
    const verdict = plugin.admit?.(now, view);
    if (!verdict) continue;
    if ('status' in verdict) return verdict;
    if (verdict.object === now.object) continue;
    changedBy.push(plugin.name);
    now = { ...now, object: verdict.object };
  }
  return { object: now.object, changedBy };
}

/** Runs the validating chain. */
export function refuse(attributes: Attributes, view: ServerView): V1Status | undefined {
  for (const plugin of admissionPlugins) {
    const status = plugin.validate?.(attributes, view);
    if (status) return status;
  }
  return undefined;
}

const warners = admissionPlugins.flatMap(({ warn }) => warn ?? []);
export const admissionWarnings = (attributes: Attributes, view: ServerView): readonly string[] =>
  warners.flatMap((warn) => warn(attributes, view));
