/** The pure hearts of the machines, over plain objects and with no cluster. Each throws an Error that says what is wrong when it is asked what it cannot be asked. */
import { applyPatch, PATCH_TYPES } from '../api/machinery/patch/apply-patch.ts';
import type { KubeObject } from '../api/object.ts';
import { kindOf } from '../api/registry.ts';
import type { V1EndpointSlice, V1Node, V1Service, V1Status } from '../api/schema/kubernetes.ts';
import { admit as admitPart } from '../cluster/apiserver/admit-part.ts';
import { reconcile as reconcilePart } from '../cluster/controllers/reconcile-part.ts';
import { podStatus as podStatusPart } from '../cluster/kubelet/pod-status-part.ts';
import { dnsPart } from '../cluster/network/dns.ts';
import { chainName as chainNamePart, saveText } from '../cluster/network/rules.ts';
import { buildRules } from '../cluster/network/service-rules.ts';
import { schedule as schedulePart, type ScheduleRequest } from '../cluster/scheduler/schedule-part.ts';
import { wrongOptions } from './open-options.ts';
import { checked, type PartShape } from './part-rules.ts';
import { table as tablePart, tables as tablesPart } from './table-part.ts';

export const chainName = checked(
  'chainName',
  { prefix: 'a string', servicePort: 'a string', protocol: 'a string', 'endpoint?': 'a string' },
  chainNamePart,
);
export const dnsAnswer = checked(
  'dnsAnswer',
  { request: { objects: '[]', 'zone?': 'a string', 'ttl?': 'a number' }, query: { name: 'a string', type: 'a string' } },
  dnsPart,
);
export const admit = checked(
  'admit',
  {
    request: {
      operation: 'a string',
      object: 'an object',
      'old?': '{}',
      'as?': { user: 'a string', 'groups?': 'a list of strings' },
      'objects?': '[]',
      'subresource?': 'a string',
      'query?': 'an object',
    },
  },
  admitPart,
);
export const schedule = checked(
  'schedule',
  {
    request: {
      pod: 'V1Pod',
      nodes: 'V1Node[]',
      'pods?': 'V1Pod[]',
      'objects?': '[]',
      'configuration?': 'an object',
      'seed?': 'a number',
      'attempt?': 'a number',
    },
  },
  (r: ScheduleRequest) => {
    const why = wrongOptions({ topology: { schedulerConfiguration: r.configuration } });
    if (why !== undefined) throw new Error(`schedule: ${why}`);
    return schedulePart(r);
  },
);
export const reconcile = checked(
  'reconcile',
  { controller: 'a string', request: { key: 'a string', objects: '[]', 'now?': 'a string' } },
  reconcilePart,
);
export const podStatus = checked(
  'podStatus',
  {
    request: {
      pod: 'V1Pod',
      containers: 'a list',
      now: 'a string',
      'podIP?': 'a string',
      'hostIP?': 'a string',
      'sandbox?': 'true or false',
    },
  },
  podStatusPart,
);
const PRINTED: PartShape = { objects: 'anything', 'options?': {} };
export const table = checked('table', PRINTED, tablePart);
export const tables = checked('tables', PRINTED, tablesPart);
/** One patch onto one object. `apply` (server-side) comes later. */
export const patch = checked('patch', { request: { type: 'a string', object: 'an object', patch: 'anything' } }, patchPart);
/**
 * iptables-save text of the nat and filter tables as kube-proxy writes them on one machine. `machine` (or `nodeName`, or the only one of `nodes`) says which endpoints
 * are local; its zone and address are looked up in `nodes`.
 */
export const proxyRules = checked(
  'proxyRules',
  {
    request: {
      services: 'V1Service[]',
      endpointSlices: 'V1EndpointSlice[]',
      'nodes?': 'V1Node[]',
      'config?': {
        'clusterCIDR?': 'a string',
        'machine?': 'a string',
        'nodeName?': 'a string',
        'nodeIP?': 'a string',
        'masqueradeAll?': 'true or false',
      },
    },
  },
  proxyRulesPart,
);

function patchPart(r: {
  readonly type: 'json' | 'merge' | 'strategic';
  readonly object: KubeObject;
  readonly patch: unknown;
}): { readonly object: unknown } | { readonly status: V1Status } {
  return applyPatch({
    contentType: PATCH_TYPES[r.type],
    object: r.object,
    patch: r.patch,
    model: kindOf(r.object.apiVersion, r.object.kind)?.model ?? '',
  });
}

/** `clusterCIDR` defaults to 10.200.0.0/16. */
export interface ProxyRulesRequest {
  readonly services: readonly V1Service[];
  readonly endpointSlices: readonly V1EndpointSlice[];
  readonly nodes?: readonly V1Node[];
  readonly config?: {
    readonly clusterCIDR?: string;
    readonly machine?: string;
    readonly nodeName?: string;
    readonly nodeIP?: string;
    readonly masqueradeAll?: boolean;
  };
}
function proxyRulesPart({ services, endpointSlices, nodes = [], config = {} }: ProxyRulesRequest): {
  readonly nat: string;
  readonly filter: string;
} {
  const machine = config.machine ?? config.nodeName ?? (nodes.length === 1 ? nodes[0].metadata?.name : undefined);
  const node = nodes.find((n) => n.metadata?.name === machine);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const machineIP = config.nodeIP ?? node?.status?.addresses?.find((a) => a.type === 'InternalIP')?.address;
  const rules = buildRules(services, endpointSlices, {
    clusterCIDR: config.clusterCIDR ?? '10.200.0.0/16',
    masqueradeAll: config.masqueradeAll ?? false,
    ...(machine === undefined ? {} : { machine }),
    ...(zone === undefined ? {} : { zone }),
    ...(machineIP === undefined ? {} : { machineIP }),
  });
  return { nat: saveText(rules, 'nat'), filter: saveText(rules, 'filter') };
}
