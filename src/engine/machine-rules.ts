/**
 * Machines that the library's caller describes and that could never do their work, and why, in one sentence. The page offers none of these.
 * Upstream: a kubelet refuses to start with such --node-labels and --register-with-taints.
 */
import { checkKey, checkLabels } from '../api/machinery/names.ts';
import { isQuantity, quantity } from '../api/machinery/quantity.ts';
import type { MachineSpec, Topology } from '../cluster/boot/topology.ts';
import { parseCidr, parseIp } from '../lib/ip.ts';
import { wrongShape, type Shape } from './shape.ts';

const LISTED: readonly (readonly ['taints' | 'images', Shape])[] = [
  ['taints', { key: 'a string', 'value?': 'a string', effect: 'a string' }],
  ['images', { names: 'a list of strings', sizeBytes: 'a whole number' }],
];
/** Hosts that are there already. */
const TAKEN: readonly unknown[] = ['laptop', 'registry', 'internet'];

/** Throws an Error that says what is wrong. */
export function checkMachines({ workers }: Topology = {}): void {
  if (typeof workers !== 'object') return;
  for (const [i, m] of workers.entries()) {
    const wrong = wrongShapes(m) ?? wrongName(m) ?? wrongResource(m) ?? wrongMarks(m) ?? wrongBlock(m);
    if (wrong !== undefined) throw new Error(`topology: ${m.name ?? `worker-${i + 1}`}: ${wrong}`);
  }
}

const wrongShapes = (m: MachineSpec): string | undefined =>
  (['labels', 'extended'] as const)
    .map((field) =>
      m[field] === undefined ? undefined : wrongShape('machine', { [field]: m[field] }, { [field]: 'an object of strings' }),
    )
    .find(Boolean) ?? LISTED.flatMap(([field, shape]) => (m[field] ?? []).map((one) => wrongShape(field, one, shape))).find(Boolean);

const wrongName = ({ name }: MachineSpec): string | undefined =>
  TAKEN.includes(name) ? `a machine cannot have the name of one that is there: ${TAKEN.join(', ')}` : undefined;

function wrongResource({ extended = {} }: MachineSpec): string | undefined {
  for (const [name, text] of Object.entries(extended)) {
    if (!name.includes('/')) return `extended: an extended resource is named domain/name, not ${JSON.stringify(name)}`;
    if (isQuantity(text) && !Number.isInteger(quantity(text))) return `${name} is a whole number, not ${JSON.stringify(text)}`;
  }
  return undefined;
}

function wrongMarks({ taints = [], extended = {} }: MachineSpec): string | undefined {
  const [wrong] = [
    ...taints.filter(({ key }) => key !== '').flatMap(({ key, value = '' }) => checkLabels({ [key]: value }, 'taints')),
    ...Object.keys(extended).flatMap((name) => checkKey(name, 'extended')),
  ];
  return wrong && `${wrong.field}: ${wrong.message}`;
}

/** The first address of a block is its name, the last its broadcast; between them are the bridge and the pods. */
function wrongBlock({ podCIDR, podGateway }: MachineSpec): string | undefined {
  const block = podCIDR === undefined ? undefined : parseCidr(podCIDR);
  if (block && block.size < 4) return `podCIDR ${podCIDR} has no address for a pod`;
  if (podGateway === undefined) return undefined;
  const ip = parseIp(podGateway);
  return block && ip !== undefined && ip > block.base && ip < block.base + block.size - 1
    ? undefined
    : `podGateway is an address in its podCIDR, not ${JSON.stringify(podGateway)}`;
}
