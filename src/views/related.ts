/** What an object hangs together with: its owners, what it owns, what it selects, where it runs, and the Events about it. */
import { matchesLabels, parseSelector } from '../api/machinery/labels.ts';
import type { KubeObject } from '../api/object.ts';
import type { V1Pod, V1Service } from '../api/schema/kubernetes.ts';
import { nearMiss, type NearMiss } from '../api/services/near-miss.ts';
import { isChatter, objectsOf, type Picture } from '../story/picture.ts';

export interface Related {
  readonly why: string;
  readonly ref: string;
  readonly name: string;
}
export interface EventLine {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}
interface Loose {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid?: string; readonly kind?: string }[];
  };
  readonly spec?: { readonly nodeName?: string; readonly selector?: unknown };
}
interface LooseEvent {
  readonly regarding?: { readonly uid?: string; readonly name?: string; readonly kind?: string };
  readonly involvedObject?: { readonly uid?: string; readonly name?: string; readonly kind?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number };
}

const MOST = 40;
const nameOf = (o: Loose): string => `${o.kind ?? ''} ${o.metadata?.name ?? ''}`;

export function relatedOf(picture: Picture, ref: string): readonly Related[] {
  const object = picture.objects.get(ref) as Loose | undefined;
  if (!object) return [];
  const uid = object.metadata?.uid;
  const owners = new Set(object.metadata?.ownerReferences?.map((o) => o.uid));
  const selects = selectorOf(object);
  const found: Related[] = [];
  const node = object.spec?.nodeName;
  if (node) found.push({ why: 'runs on', ref: `/registry/minions/${node}`, name: `Node ${node}` });
  for (const [other, value] of picture.objects) {
    if (other === ref || found.length >= MOST || isChatter(other)) continue;
    const o = value as Loose;
    if (owners.has(o.metadata?.uid)) found.push({ why: 'owned by', ref: other, name: nameOf(o) });
    else if (uid !== undefined && o.metadata?.ownerReferences?.some((x) => x.uid === uid))
      found.push({ why: 'owns', ref: other, name: nameOf(o) });
    else if (
      selects !== undefined &&
      other.startsWith('/registry/pods/') &&
      o.metadata?.namespace === object.metadata?.namespace &&
      selects(o.metadata?.labels ?? {})
    )
      found.push({ why: 'selects', ref: other, name: nameOf(o) });
    else if (
      ref.startsWith('/registry/pods/') &&
      other.startsWith('/registry/services/specs/') &&
      o.metadata?.namespace === object.metadata?.namespace &&
      selectorOf(o)?.(object.metadata?.labels ?? {})
    )
      found.push({ why: 'selected by', ref: other, name: nameOf(o) });
  }
  return found;
}

/** Why a Service has nobody behind it: what it asks for, and who comes nearest; undefined when it selects somebody, or is no Service. */
export function missOf(picture: Picture, object: KubeObject): NearMiss | undefined {
  return object.kind === 'Service'
    ? nearMiss(
        object as V1Service,
        objectsOf<V1Pod>(picture, 'pods').filter((p) => p.metadata?.namespace === object.metadata?.namespace),
      )
    : undefined;
}

function selectorOf(object: Loose): ((labels: Readonly<Record<string, string>>) => boolean) | undefined {
  const selector = object.spec?.selector as Readonly<Record<string, unknown>> | undefined;
  if (!selector || object.kind !== 'Service') return undefined;
  const wanted = parseSelector(
    Object.entries(selector)
      .map(([k, v]) => `${k}=${String(v)}`)
      .join(','),
  );
  return wanted.length === 0 ? undefined : (labels) => matchesLabels(wanted, labels);
}

export function eventsOf(picture: Picture, object: KubeObject): readonly EventLine[] {
  const lines: EventLine[] = [];
  for (const [ref, value] of picture.objects) {
    if (!ref.startsWith('/registry/events/')) continue;
    const event = value as unknown as LooseEvent;
    const about = event.regarding ?? event.involvedObject;
    if (about?.uid !== object.metadata?.uid && !(about?.kind === 'Node' && object.kind === 'Node' && about.name === object.metadata?.name))
      continue;
    lines.push({
      type: event.type ?? '',
      reason: event.reason ?? '',
      message: event.message ?? event.note ?? '',
      count: event.series?.count ?? event.count ?? 1,
    });
  }
  return lines;
}
