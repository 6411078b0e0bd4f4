/**
 * What the baseline policy forbids. Upstream: staging/src/k8s.io/pod-security-admission/policy/check_*.go (v1.36).
 * Simplified: policies older than v1.19 do not look at the annotations that seccomp profiles were then.
 */
import type { V1Container } from '../../../../api/schema/kubernetes.ts';
import { bad, type Check, isProfile, isRelaxed, named, plural, quoted, setters, sorted, violation } from './check.ts';
import { added, capabilitiesRestricted, restrictedVolumes, seccompBadlySet, seccompRestricted } from './restricted-checks.ts';

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const appArmor: Check = {
  level: 'baseline',
  judge(pod) {
    const { who, values } = setters(
      pod,
      (context) => context.appArmorProfile?.type,
      (type) => !isProfile(type),
    );
    const annotations = sorted(
      Object.entries(pod.metadata?.annotations ?? {})
        .filter(([key, value]) => key.startsWith(APPARMOR) && !/^($|runtime\/default$|localhost\/)/.test(value))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`),
    );
    const all = [...sorted(values), ...annotations];
    const setting = [...who, ...(annotations.length > 0 ? [plural('annotation', annotations.length)] : [])].join(' and ');
    return violation(
      all.length > 0,
      plural('forbidden AppArmor profile', all.length),
      () => `${setting} must not set AppArmor profile type to ${quoted(all)}`,
    );
  },
};

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const capabilitiesBaseline: Check = {
  level: 'baseline',
  overriddenBy: capabilitiesRestricted,
  judge(pod) {
    const details = added(pod, (c) => DEFAULT_CAPABILITIES.has(c));
    return violation(details.length > 0, 'non-default capabilities', () => details.join());
  },
};

const hostNamespaces: Check = {
  level: 'baseline',
  judge({ spec }) {
    const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec?.[field]).map((field) => `${field}=true`);
    return violation(shared.length > 0, 'host namespaces', () => shared.join(', '));
  },
};

const hostPathVolumes: Check = {
  level: 'baseline',
  overriddenBy: restrictedVolumes,
  judge({ spec }) {
    const volumes = (spec?.volumes ?? []).filter((volume) => volume.hostPath);
    return violation(
      volumes.length > 0,
      'hostPath volumes',
      () => `${plural('volume', volumes.length)} ${quoted(volumes.map((v) => v.name))}`,
    );
  },
};

const hostPorts: Check = {
  level: 'baseline',
  judge(pod) {
    const portsOf = ({ ports = [] }: V1Container): readonly string[] => ports.flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : []));
    const containers = bad(pod, (c) => portsOf(c).length > 0);
    const ports = sorted(containers.flatMap(portsOf));
    return violation(
      containers.length > 0,
      'hostPort',
      () => `${named(containers)} ${plural('uses', containers.length, 'use')} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
    );
  },
};

const hostProbes: Check = {
  level: 'baseline',
  since: 34,
  judge(pod) {
    const hostsOf = (c: V1Container): readonly string[] =>
      [c.livenessProbe, c.readinessProbe, c.startupProbe, c.lifecycle?.postStart, c.lifecycle?.preStop]
        .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
        .flatMap((host) => host || []);
    const containers = bad(pod, (c) => hostsOf(c).length > 0);
    const hosts = sorted(containers.flatMap(hostsOf));
    const [who, use] = [sorted(containers.map((c) => c.name)), plural('uses', containers.length, 'use')];
    return violation(
      containers.length > 0,
      'probe or lifecycle host',
      () => `${plural('container', who.length)} ${quoted(who)} ${use} ${plural('probe or lifecycle host', hosts.length)} ${quoted(hosts)}`,
    );
  },
};

const privileged: Check = {
  level: 'baseline',
  judge(pod) {
    const containers = bad(pod, (c) => c.securityContext?.privileged === true);
    return violation(containers.length > 0, 'privileged', () => `${named(containers)} must not set securityContext.privileged=true`);
  },
};

const procMount: Check = {
  level: 'baseline',
  judge(pod, minor) {
    const containers = bad(pod, ({ securityContext: s }) => (s?.procMount ?? 'Default') !== 'Default');
    const types = sorted(containers.map((c) => c.securityContext?.procMount ?? ''));
    return violation(
      containers.length > 0 && !isRelaxed(pod, minor),
      'procMount',
      () => `${named(containers)} must not set securityContext.procMount to ${quoted(types)}`,
    );
  },
};

const seLinuxOptions: Check = {
  level: 'baseline',
  judge(pod, minor) {
    const types = ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])];
    const isType = (type = ''): boolean => types.includes(type);
    const { who, values } = setters(
      pod,
      (context) => context.seLinuxOptions,
      (options) => !isType(options.type) || !!options.user || !!options.role,
    );
    const wrong = sorted(values.flatMap(({ type }) => (isType(type) ? [] : [type ?? ''])));
    const said = [
      ...(wrong.length > 0 ? [`${plural('type', wrong.length)} ${quoted(wrong)}`] : []),
      ...(values.some((v) => v.user) ? ['user may not be set'] : []),
      ...(values.some((v) => v.role) ? ['role may not be set'] : []),
    ];
    return violation(
      who.length > 0,
      'seLinuxOptions',
      () => `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${said.join('; ')}`,
    );
  },
};

const seccompBaseline: Check = { level: 'baseline', since: 19, overriddenBy: seccompRestricted, judge: seccompBadlySet };

/** Those that are safe, by the policy's version. */
const SYSCTLS: readonly (readonly [number, readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      ...['ip_local_port_range', 'tcp_syncookies', 'ping_group_range', 'ip_unprivileged_port_start'].map((name) => `net.ipv4.${name}`),
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['keepalive_time', 'fin_timeout', 'keepalive_intvl', 'keepalive_probes'].map((name) => `net.ipv4.tcp_${name}`)],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];
const sysctls: Check = {
  level: 'baseline',
  judge({ spec }, minor) {
    const safe = SYSCTLS.flatMap(([since, names]) => (minor >= since ? names : []));
    const names = (spec?.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safe.includes(name));
    return violation(names.length > 0, 'forbidden sysctls', () => names.join(', '));
  },
};

const windowsHostProcess: Check = {
  level: 'baseline',
  judge(pod) {
    const { who } = setters(
      pod,
      (context) => context.windowsOptions?.hostProcess,
      (is) => is,
    );
    return violation(
      who.length > 0,
      'hostProcess',
      () => `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
    );
  },
};

/** By upstream's names of the checks. */
export const BASELINE: readonly Check[] = [
  appArmor,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  seccompBaseline,
  sysctls,
  windowsHostProcess,
];
