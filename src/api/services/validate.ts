/** What a Service must keep to. Upstream: pkg/apis/core/validation/validation.go ValidateService, ValidateServiceUpdate (v1.36). Simplified: annotations of load balancers are not looked into. */
import { duplicate, forbidden, invalid, notSupported, oneOf, required, type FieldError } from '../machinery/field-error.ts';
import { cidrErrors, ipErrors, isIpv6, specialIpErrors } from '../machinery/ip-rules.ts';
import { checkKey, checkLabels, checkName } from '../machinery/names.ts';
import { portErrors, portOrNameErrors } from '../pods/validate-port.ts';
import type { V1Service, V1ServicePort, V1ServiceSpec } from '../schema/kubernetes.ts';
import { isExternal, needsHealthCheck } from './types.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];
const LONGEST_AFFINITY = 86400;
const oneOfThose = (value: string | undefined, field: string, values: readonly string[]): readonly FieldError[] =>
  oneOf(value || undefined, field, values);
const isHeadless = (spec: V1ServiceSpec): boolean =>
  spec.clusterIP === 'None' || (spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None');
/** The strategy makes the list from the one address. */
const ipsOf = (spec: V1ServiceSpec): readonly string[] =>
  spec.clusterIPs?.length ? spec.clusterIPs : spec.clusterIP ? [spec.clusterIP] : [];

export function validateService({ spec = {} }: V1Service): readonly FieldError[] {
  const ports = spec.ports ?? [];
  return [
    ...(ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...validateType(spec),
    ...validatePorts(ports),
    ...checkLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...(spec.type === 'ExternalName' ? [] : validateAddresses(spec)),
    ...(spec.externalIPs ?? []).flatMap((ip, i) => {
      const field = `spec.externalIPs[${i}]`;
      const errors = ipErrors(ip, field);
      return errors.length > 0 ? errors : specialIpErrors(ip, field);
    }),
    ...oneOfThose(spec.type, 'spec.type', TYPES),
    ...(spec.type === 'ClusterIP'
      ? ports.flatMap((p, i) => (p.nodePort ? [forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'")] : []))
      : []),
    ...validateDoubles(ports),
    ...validateBalancer(spec),
    ...validateTraffic(spec),
  ];
}

const KUBELET_PORT = 10250;

function validateType(spec: V1ServiceSpec): readonly FieldError[] {
  const { type = '', externalName = '' } = spec;
  const headless =
    isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')
      ? [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
      : [];
  if (type === 'LoadBalancer')
    return [
      ...(spec.ports ?? []).flatMap((p, i) =>
        p.port === KUBELET_PORT
          ? [invalid(`spec.ports[${i}]`, p.port, `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`)]
          : [],
      ),
      ...headless,
    ];
  if (type !== 'ExternalName') return headless;
  const may = (field: string, isSet: boolean): readonly FieldError[] =>
    isSet ? [forbidden(`spec.${field}`, 'may not be set for ExternalName services')] : [];
  const cname = externalName.replace(/\.$/, '');
  return [
    ...may('clusterIPs', ipsOf(spec).length > 0),
    ...may('ipFamilies', (spec.ipFamilies ?? []).length > 0),
    ...may('ipFamilyPolicy', typeof spec.ipFamilyPolicy === 'string'),
    ...(cname ? checkName(cname, 'spec.externalName') : [required('spec.externalName')]),
  ];
}

const [FIRST_NODE_PORT, LAST_NODE_PORT] = [30000, 32767];

function validatePorts(ports: readonly V1ServicePort[]): readonly FieldError[] {
  return ports.flatMap((p, i) => {
    const at = `spec.ports[${i}]`;
    const isDouble = Boolean(p.name) && ports.findIndex((other) => other.name === p.name) < i;
    return [
      ...(p.name
        ? [...checkName(p.name, `${at}.name`, 'label'), ...(isDouble ? [duplicate(`${at}.name`, p.name)] : [])]
        : ports.length > 1
          ? [required(`${at}.name`)]
          : []),
      ...portErrors(p.port ?? 0, `${at}.port`),
      ...oneOfThose(p.protocol, `${at}.protocol`, ['SCTP', 'TCP', 'UDP']),
      ...(p.targetPort === undefined ? [] : portOrNameErrors(p.targetPort, `${at}.targetPort`)),
      ...(typeof p.appProtocol === 'string' ? checkKey(p.appProtocol, `${at}.appProtocol`) : []),
      ...(p.nodePort && (p.nodePort < FIRST_NODE_PORT || p.nodePort > LAST_NODE_PORT)
        ? [
            invalid(
              `${at}.nodePort`,
              p.nodePort,
              `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`,
            ),
          ]
        : []),
    ];
  });
}

/** First the machines' ports, then the Service's own; upstream shows its internal type. */
function validateDoubles(ports: readonly V1ServicePort[]): readonly FieldError[] {
  const isTaken = (i: number, same: (p: V1ServicePort) => boolean): boolean =>
    ports.findIndex((p) => p.protocol === ports[i].protocol && same(p)) < i;
  return [
    ...ports.flatMap((p, i) =>
      p.nodePort && isTaken(i, (other) => other.nodePort === p.nodePort) ? [duplicate(`spec.ports[${i}].nodePort`, p.nodePort)] : [],
    ),
    ...ports.flatMap((p, i) =>
      isTaken(i, (other) => other.port === p.port)
        ? [
            duplicate(`spec.ports[${i}]`, {
              Name: '',
              Protocol: p.protocol ?? '',
              AppProtocol: null,
              Port: p.port,
              TargetPort: 0,
              NodePort: 0,
            }),
          ]
        : [],
    ),
  ];
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig: config }: V1ServiceSpec): readonly FieldError[] {
  const at = 'spec.sessionAffinityConfig';
  const seconds = config?.clientIP?.timeoutSeconds;
  return [
    ...oneOfThose(sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None']),
    ...(sessionAffinity === 'None' && config ? [forbidden(at, 'must not be set when session affinity is None')] : []),
    ...(sessionAffinity === 'ClientIP' && typeof seconds === 'number' && (seconds <= 0 || seconds > LONGEST_AFFINITY)
      ? [invalid(`${at}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${LONGEST_AFFINITY}`)]
      : []),
  ];
}

const FAMILIES = ['IPv4', 'IPv6'];

/** Upstream: ValidateServiceClusterIPsRelatedFields. */
function validateAddresses(spec: V1ServiceSpec): readonly FieldError[] {
  const at = 'spec.clusterIPs';
  const ips = ipsOf(spec);
  const families = spec.ipFamilies ?? [];
  const malformed = ips.flatMap((ip, i) =>
    i === 0 && ip === 'None'
      ? ips.length > 1
        ? [invalid(at, ips, "'None' must be the first and only value")]
        : []
      : ipErrors(ip, `${at}[${i}]`),
  );
  const head = [
    ...(spec.clusterIP
      ? ips[0] === spec.clusterIP
        ? []
        : [invalid(at, ips, 'first value must match `clusterIP`')]
      : ips.length > 0
        ? [invalid(at, ips, 'must be empty when `clusterIP` is not specified')]
        : []),
    ...families.flatMap((family, i) => [
      ...(FAMILIES.includes(family) ? [] : [notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES)]),
      ...(families.indexOf(family) < i ? [duplicate(`spec.ipFamilies[${i}]`, family)] : []),
    ]),
    ...oneOfThose(spec.ipFamilyPolicy, 'spec.ipFamilyPolicy', ['PreferDualStack', 'RequireDualStack', 'SingleStack']),
    ...malformed,
    ...(ips.length > 2 ? [invalid(at, ips, 'may only hold up to 2 values')] : []),
  ];
  if (malformed.length > 0) return head;
  return [
    ...head,
    ...(ips.length > 1 && new Set(ips.map(isIpv6)).size < 2
      ? [invalid(at, ips, 'may specify no more than one IP for each IP family')]
      : []),
    ...(isHeadless(spec)
      ? []
      : ips.flatMap((ip, i) =>
          families[i] && isIpv6(ip) !== (families[i] === 'IPv6')
            ? [invalid(`${at}[${i}]`, ip, `expected an ${families[i]} value as indicated by \`ipFamilies[${i}]\``)]
            : [],
        )),
  ];
}

function validateBalancer(spec: V1ServiceSpec): readonly FieldError[] {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const isBalancer = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  return [
    ...(ranges.length > 0 && !isBalancer ? [forbidden('spec.LoadBalancerSourceRanges', only)] : []),
    ...ranges.flatMap((range, i) => cidrErrors(range.trim(), `spec.LoadBalancerSourceRanges[${i}]`)),
    ...(typeof spec.allocateLoadBalancerNodePorts === 'boolean' && !isBalancer
      ? [forbidden('spec.allocateLoadBalancerNodePorts', only)]
      : []),
    ...(typeof spec.loadBalancerClass === 'string'
      ? isBalancer
        ? checkKey(spec.loadBalancerClass, 'spec.loadBalancerClass')
        : [forbidden('spec.loadBalancerClass', only)]
      : []),
  ];
}

function validateTraffic(spec: V1ServiceSpec): readonly FieldError[] {
  const { externalTrafficPolicy, healthCheckNodePort } = spec;
  return [
    ...(isExternal(spec)
      ? oneOf(externalTrafficPolicy, 'spec.externalTrafficPolicy', POLICIES)
      : externalTrafficPolicy
        ? [invalid('spec.externalTrafficPolicy', externalTrafficPolicy, 'may only be set for externally-accessible services')]
        : []),
    ...(healthCheckNodePort
      ? needsHealthCheck(spec)
        ? portErrors(healthCheckNodePort, 'spec.healthCheckNodePort')
        : [
            invalid(
              'spec.healthCheckNodePort',
              healthCheckNodePort,
              "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
            ),
          ]
      : []),
    ...oneOfThose(spec.internalTrafficPolicy, 'spec.internalTrafficPolicy', POLICIES),
    ...oneOfThose(spec.trafficDistribution, 'spec.trafficDistribution', ['PreferClose', 'PreferSameNode', 'PreferSameZone']),
  ];
}

export function validateServiceUpdate({ spec: next = {} }: V1Service, { spec: old = {} }: V1Service): readonly FieldError[] {
  const isNamed = next.type === 'ExternalName' || old.type === 'ExternalName';
  const [was, now] = [ipsOf(old), ipsOf(next)];
  const bothBalance = next.type === 'LoadBalancer' && old.type === 'LoadBalancer';
  return [
    ...(isNamed || (isHeadless(next) && isHeadless(old)) || was.length === 0 || now[0] === was[0]
      ? []
      : [invalid('spec.clusterIPs[0]', now, now.length === 0 ? 'primary clusterIP can not be unset' : 'may not change once set')]),
    ...(isNamed || isHeadless(next) || isHeadless(old) || !old.ipFamilies?.length || next.ipFamilies?.[0] === old.ipFamilies[0]
      ? []
      : [invalid('spec.ipFamilies[0]', next.ipFamilies ?? [], 'may not change once set')]),
    ...(bothBalance && next.loadBalancerClass !== old.loadBalancerClass
      ? [invalid('spec.loadBalancerClass', next.loadBalancerClass ?? null, 'may not change once set')]
      : []),
    ...(needsHealthCheck(old) && needsHealthCheck(next) && next.healthCheckNodePort !== old.healthCheckNodePort
      ? [forbidden('spec.healthCheckNodePort', 'field is immutable')]
      : []),
  ];
}
