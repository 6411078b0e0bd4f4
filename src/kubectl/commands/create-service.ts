/** kubectl create service. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go (v1.36). Simplified: nothing. */
import type { KubeObject } from '../../api/object.ts';
import type { V1ServicePort } from '../../api/schema/kubernetes.ts';
import { listOf } from '../argv.ts';
import type { Command, Env } from '../command.ts';
import { requiredError } from '../flag-values.ts';
import { generator, numberOr, type Made } from '../making.ts';

type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

/** '80:8080' or '80' as a service's port; what is no number is a text. */
function servicePorts(env: Env): readonly V1ServicePort[] | string {
  const texts = listOf(env.argv, 'tcp');
  const odd = texts.map((text) => text.split(':')[0]).find((port) => !/^\d+$/.test(port));
  if (odd !== undefined) return odd;
  return texts.map((text) => {
    const [port, target = port] = text.split(':');
    return { name: text.replace(':', '-'), port: Number(port), protocol: 'TCP', targetPort: numberOr(target) };
  });
}

const service =
  (type: ServiceType) =>
  (env: Env, name: string): Made => {
    const { flags } = env.argv;
    const ports = servicePorts(env);
    if (typeof ports === 'string') return { error: `error: strconv.ParseUint: parsing ${JSON.stringify(ports)}: invalid syntax\n` };
    const far = ports.find(({ targetPort }) => typeof targetPort === 'number' && (targetPort < 1 || targetPort > 65_535));
    if (far) return { error: 'error: must be between 1 and 65535, inclusive\n' };
    const [clusterIP, externalName, nodePort] = [flags.get('clusterip'), flags.get('external-name'), Number(flags.get('node-port') ?? 0)];
    const missing = type === 'ExternalName' ? requiredError(env.argv, 'external-name') : undefined;
    if (missing !== undefined) return { error: missing };
    if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName')
      return { error: 'error: at least one tcp port specifier must be provided\n' };
    const withPorts = ports.length === 0 ? {} : { ports: ports.map((p) => (nodePort > 0 ? { ...p, nodePort } : p)) };
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { app: name } },
      spec: {
        type,
        selector: { app: name },
        ...withPorts,
        ...(clusterIP ? { clusterIP } : {}),
        ...(externalName === undefined ? {} : { externalName }),
      },
    } as KubeObject;
  };

export default (['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const).map((type) =>
  generator({
    name: `create service ${type.toLowerCase()}`,
    aliases: [`create svc ${type.toLowerCase()}`],
    refused: `failed to create ${type} service: `,
    make: service(type),
  }),
) satisfies readonly Command[];
