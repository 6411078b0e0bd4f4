/** Names and amounts of resources. Upstream: pkg/apis/core/validation/validation.go ValidateResourceRequirements, pkg/apis/core/helper/helpers.go (v1.36). Simplified: nothing. */
import type { V1ResourceRequirements } from '../schema/kubernetes.ts';
import { duplicate, forbidden, invalid, notFound, required, type FieldError } from './field-error.ts';
import { checkKey } from './names.ts';
import { canonicalQuantity, compareQuantities, isQuantity, quantity } from './quantity.ts';

type Amount = string | number;
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);
const STANDARD = new Set([
  ...OF_CONTAINERS,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const WHOLE = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && checkKey(`requests.${name}`, '').length === 0;
/** Requests may be less than limits. */
const isOvercommittable = (name: string): boolean => isNative(name) && !isHugePages(name);

function containerNameErrors(name: string, field: string): readonly FieldError[] {
  const malformed = checkKey(name, field);
  const unknown =
    malformed.length === 0 && !name.includes('/') && !STANDARD.has(name) && !isHugePages(name)
      ? [invalid(field, name, 'must be a standard resource type or fully qualified')]
      : malformed;
  if (!name.includes('/'))
    return OF_CONTAINERS.has(name) || isHugePages(name)
      ? unknown
      : [...unknown, invalid(field, name, 'must be a standard resource for containers')];
  return isNative(name) || isExtended(name)
    ? unknown
    : [...unknown, invalid(field, name, "doesn't follow extended resource name standard")];
}

export function amountErrors(name: string, amount: Amount, field: string): readonly FieldError[] {
  if (!isQuantity(amount))
    return [invalid(field, amount, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")];
  const shown = canonicalQuantity(amount);
  return [
    ...(quantity(amount) < 0 ? [invalid(field, shown, 'must be greater than or equal to 0')] : []),
    ...((WHOLE.has(name) || isExtended(name)) && !Number.isInteger(quantity(amount)) ? [invalid(field, shown, 'must be an integer')] : []),
  ];
}

/** Whole pages. Upstream names no field. */
function pageErrors(name: string, amount: Amount): readonly FieldError[] {
  const size = name.slice('hugepages-'.length);
  if (!isHugePages(name) || !isQuantity(amount) || !isQuantity(size)) return [];
  const shown = canonicalQuantity(amount);
  return quantity(size) > 0 && quantity(amount) % quantity(size) === 0
    ? []
    : [invalid('', shown, `${shown} is not positive integer multiple of ${name}`)];
}

export function validateResources(
  resources: V1ResourceRequirements | undefined,
  at: string,
  claims: ReadonlySet<string>,
): readonly FieldError[] {
  const [limits, requests] = [resources?.limits ?? {}, resources?.requests ?? {}];
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => {
      const field = `${at}.limits[${name}]`;
      return [...containerNameErrors(name, field), ...amountErrors(name, amount, field), ...pageErrors(name, amount)];
    }),
    ...Object.entries(requests).flatMap(([name, amount]) => {
      const field = `${at}.requests[${name}]`;
      return [
        ...containerNameErrors(name, field),
        ...amountErrors(name, amount, field),
        ...pageErrors(name, amount),
        ...besideLimit(name, amount, Object.hasOwn(limits, name) ? limits[name] : undefined, at),
      ];
    }),
    ...(names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')
      ? [forbidden(at, 'HugePages require cpu or memory')]
      : []),
    ...validateClaims(resources?.claims ?? [], `${at}.claims`, claims),
  ];
}

function besideLimit(name: string, amount: Amount, limit: Amount | undefined, at: string): readonly FieldError[] {
  if (limit === undefined)
    return isOvercommittable(name) ? [] : [required(`${at}.limits`, 'Limit must be set for non overcommitable resources')];
  if (!isQuantity(amount) || !isQuantity(limit)) return [];
  const order = compareQuantities(amount, limit);
  if (order !== 0 && !isOvercommittable(name))
    return [invalid(`${at}.requests`, canonicalQuantity(amount), `must be equal to ${name} limit of ${canonicalQuantity(limit)}`)];
  return order > 0
    ? [invalid(`${at}.requests`, canonicalQuantity(amount), `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`)]
    : [];
}

function validateClaims(claims: readonly { readonly name: string }[], at: string, known: ReadonlySet<string>): readonly FieldError[] {
  const unknown = known.size === 0 ? ' which is empty' : `: ${[...known].sort((a, b) => (a < b ? -1 : 1)).join(', ')}`;
  return claims.flatMap(({ name }, i): readonly FieldError[] => {
    if (!name) return [required(`${at}[${i}]`)];
    const isDouble = claims.findIndex((other) => other.name === name) < i;
    return [
      ...(isDouble ? [duplicate(`${at}[${i}]`, name)] : []),
      ...(known.has(name) ? [] : [notFound(`${at}[${i}]`, name, `must be one of the names in pod.spec.resourceClaims${unknown}`)]),
    ];
  });
}
