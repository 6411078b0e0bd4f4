/** One level-triggered pass of one controller over plain objects, with no cluster: the writes it would send and why. */
import { rfc3339, parseTime } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Fact } from '../../kernel/fact.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import type { ApiRequest } from '../api-request.ts';
import { cacheOf } from '../client/indexed-cache.ts';
import { controllers } from './registry.ts';

export interface ReconcileRequest {
  /** 'namespace/name' of the object to bring to order; for the garbage collector 'resource|namespace/name'. */
  readonly key: string;
  /** The cluster as the controller's informers know it. Objects without a uid get their kind and key for one. */
  readonly objects: readonly KubeObject[];
  /** RFC 3339; by default 2026-01-01T00:00:00Z. */
  readonly now?: string;
}
export interface ReconcileResult {
  readonly writes: readonly ApiRequest[];
  readonly slowStart?: number;
  readonly againAfterSeconds?: number;
  readonly notes: readonly Fact[];
}

/** Upstream's older names, as app.ControllerDescriptor's aliases have them, without hyphens. */
const ALIASES: Readonly<Record<string, string>> = { podgc: 'podgarbagecollector', rootcacertpublisher: 'rootcacertificatepublisher' };
const plain = (name: string): string => {
  const bare = name
    .toLowerCase()
    .replace(/-?controller$/, '')
    .replaceAll('-', '');
  return ALIASES[bare] ?? bare;
};

/** The writes up to the first answer that a later one depends on: give them back as objects for those. `controller`: a name as in --controllers, today's or an older one, with or without '-controller': 'deployment', 'replicaset-controller', 'garbage-collector', 'podgc'. Throws for one that is not there. Upstream: cmd/kube-controller-manager/names. */
export function reconcile(controller: string, { key, objects, now }: ReconcileRequest): ReconcileResult {
  const found = controllers.find((c) => plain(c.name) === plain(controller));
  if (!found) throw new Error(`there is no controller ${JSON.stringify(controller)}: ${controllers.map((c) => c.name).join(', ')}`);
  const epochMs = parseTime(now ?? rfc3339(1_767_225_600_000));
  const cache = cacheOf((JSON.parse(JSON.stringify(objects)) as KubeObject[]).map((object) => deepFreeze(withUid(object))));
  const { writes, slowStart, againAfterUs, notes } = found.reconcile(key, cache, { nowUs: 0, epochMs });
  return {
    writes,
    notes,
    ...(slowStart === undefined ? {} : { slowStart }),
    ...(againAfterUs === undefined ? {} : { againAfterSeconds: againAfterUs / 1_000_000 }),
  };
}

const withUid = (object: KubeObject): KubeObject =>
  object.metadata?.uid
    ? object
    : { ...object, metadata: { ...object.metadata, uid: `${object.kind}/${object.metadata?.namespace ?? ''}/${object.metadata?.name}` } };
