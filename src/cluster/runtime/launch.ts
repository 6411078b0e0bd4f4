/** What starting a container means: which role its process plays and with what. */
import type { V1EnvVar } from '../../api/schema/kubernetes.ts';
import type { RuntimeContainer, Sandbox } from './cri.ts';
import { familyOf, parseReference } from './images/registry.ts';
import type { ProcessConfig } from './process.ts';
import { isMissing, programOf } from './program.ts';

export type Launch = { readonly role: string; readonly config: unknown; readonly startUs: number } | { readonly error: string };

/** Simplified: values from ConfigMaps and Secrets are not resolved; the pod's own fields are. */
function environment(env: readonly V1EnvVar[] | undefined, sandbox: Sandbox, machine: string): Readonly<Record<string, string>> {
  const fields: Readonly<Record<string, string>> = { 'metadata.name': sandbox.pod.name, 'metadata.namespace': sandbox.pod.namespace, 'metadata.uid': sandbox.pod.uid, 'spec.nodeName': machine, 'status.podIP': sandbox.ip };
  const own = (env ?? []).map((v) => [v.name, v.value ?? fields[v.valueFrom?.fieldRef?.fieldPath ?? ''] ?? ''] as const);
  return Object.fromEntries([['HOSTNAME', sandbox.pod.name] as const, ...own]);
}

export function launchOf(container: RuntimeContainer, sandbox: Sandbox, where: { readonly machine: string; readonly epochMs: number; readonly seed: number; readonly ip: string; readonly api: string; readonly schedulerConfiguration?: object }): Launch {
  const family = familyOf(parseReference(container.image));
  const { spec } = container;
  if (family?.role) return { role: family.role.role, startUs: family.behaviour.startUs ?? 100_000, config: family.role.config(spec.spec, { ...where, ip: sandbox.ip, address: container.address, namespace: sandbox.pod.namespace, pod: sandbox.pod.name }) };
  const command = spec.command?.[0];
  if (isMissing(command)) return { error: `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${command}": executable file not found in $PATH` };
  const behaviour = family?.behaviour ?? { kind: 'server' as const };
  const env = environment(spec.env, sandbox, where.machine);
  const steps = programOf(spec.command, spec.args, env, behaviour.kind === 'oneshot');
  const declared = spec.ports.filter((p) => p.protocol !== 'UDP').map((p) => p.port);
  const udpPorts = steps ? [] : spec.ports.filter((p) => p.protocol === 'UDP').map((p) => p.port);
  const flags = [...(spec.command ?? []), ...(spec.args ?? [])].flatMap((a) => { const m = /^-{1,2}(?:http-port|port|listen)=:?(\d+)$/.exec(a); return m ? [Number(m[1])] : []; });
  const ports = steps ? [] : [...new Set([...declared, ...flags, ...(declared.length + flags.length === 0 || family ? (behaviour.ports ?? []) : [])])];
  const config: ProcessConfig = { behaviour, ports, udpPorts, pod: sandbox.pod.name, namespace: sandbox.pod.namespace, ip: sandbox.ip, host: where.machine, container: spec.name, id: container.id, env, ...(steps ? { steps } : {}) };
  return { role: 'process', config, startUs: behaviour.startUs ?? 20_000 };
}
