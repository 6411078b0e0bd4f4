/** Requests that a person may send now, by what there is: from a pod, a machine or the internet, to the Services of the user. */
import { internalIp } from '../../api/machinery/node-address.ts';
import { isControlPlane, isOwn, objectsOf, type Picture } from '../../story/picture.ts';
import type { Command } from '../../engine/session.ts';
import type { V1Node, V1Pod, V1Service } from '../../api/schema/kubernetes.ts';

export interface Choice {
  readonly label: string;
  readonly command: Command;
}

export function requestsAt(picture: Picture): readonly Choice[] {
  const pods = objectsOf<V1Pod>(picture, 'pods')
    .filter((p) => isOwn(p) && p.status?.phase === 'Running')
    .slice(0, 3);
  const services = objectsOf<V1Service>(picture, 'services/specs')
    .filter((s) => isOwn(s) && s.metadata?.name !== 'kubernetes' && s.spec?.ports?.length)
    .slice(0, 3);
  const [worker] = objectsOf<V1Node>(picture, 'minions')
    .filter((n) => !isControlPlane(n))
    .sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const machine = worker?.metadata?.name;
  return services.flatMap((service): readonly Choice[] => {
    const [port] = service.spec?.ports ?? [];
    const name = service.metadata?.name ?? '';
    const host = `${name}.${service.metadata?.namespace}`;
    const suffix = port.port === 80 ? '' : `:${port.port}`;
    const ip = service.spec?.clusterIP;
    return [
      ...pods.map((p): Choice => ({
        label: `kubectl exec ${p.metadata?.name} -- curl http://${host}${suffix}`,
        command: { do: 'connect', connect: { from: `${p.metadata?.namespace}/${p.metadata?.name}`, to: `http://${host}${suffix}/` } },
      })),
      ...(ip && ip !== 'None'
        ? pods.slice(0, 1).map((p): Choice => ({
            label: `kubectl exec ${p.metadata?.name} -- curl ${ip}${suffix || ':80'} (no DNS)`,
            command: { do: 'connect', connect: { from: `${p.metadata?.namespace}/${p.metadata?.name}`, to: `${ip}:${port.port}` } },
          }))
        : []),
      ...(machine && ip && ip !== 'None'
        ? [
            {
              label: `curl ${ip}${suffix || ':80'} on ${machine}`,
              command: { do: 'connect', connect: { from: `node/${machine}`, to: `${ip}:${port.port}` } },
            } as const,
          ]
        : []),
      ...(worker && port.nodePort
        ? [
            {
              label: `curl ${internalIp(worker)}:${port.nodePort} from the internet`,
              command: { do: 'connect', connect: { from: 'internet', to: `${internalIp(worker)}:${port.nodePort}` } },
            } as const,
          ]
        : []),
    ];
  });
}
