/** Services and EndpointSlices as kubectl describe writes them. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeService, describeEndpointSliceV1 (v1.36). Simplified: nothing. */
import { formatMap } from '../api/machinery/labels.ts';
import type { V1EndpointSlice, V1Service, V1ServicePort } from '../api/schema/kubernetes.ts';
import { head } from './describe-maps.ts';
import { joinHostPort } from './describe-template.ts';

/** The ready addresses behind one port; at most three are named, and whatever follows the third makes it 'more'. */
function endpointsText(port: V1ServicePort, slices: readonly V1EndpointSlice[]): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports, endpoints }) =>
    ports?.length
      ? ports
          .filter((p) => (p.name ?? '') === (port.name ?? ''))
          .flatMap((p) => (endpoints ?? []).map((e) => ({ e, text: joinHostPort(e.addresses[0], p.port) })))
      : (endpoints ?? []).map((e) => ({ e, text: e.addresses[0] })),
  );
  const ready = all.filter(({ e }) => e.conditions?.ready !== false);
  const named = ready.slice(0, 3);
  const isMore = named.length === 3 && all.indexOf(named[2]) < all.length - 1;
  return named.map(({ text }) => text).join(',') + (isMore ? ` + ${ready.length - 3} more...` : '');
}

export function describeService(s: V1Service, slices: readonly V1EndpointSlice[]): string {
  const { metadata, spec } = s;
  const mine = slices.filter((slice) => slice.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name);
  const ingress = (s.status?.loadBalancer?.ingress ?? [])
    .map((i) => (i.ip ? `${i.ip}${i.ipMode ? ` (${i.ipMode})` : ''}` : (i.hostname ?? '')))
    .join(', ');
  const ports = (spec?.ports ?? []).map(
    (p) =>
      `Port:\t${p.name || '<unset>'}\t${p.port}/${p.protocol}\nTargetPort:\t${p.targetPort ?? 0}/${p.protocol}\n${p.appProtocol === undefined ? '' : `AppProtocol:\t${p.appProtocol}\n`}${p.nodePort ? `NodePort:\t${p.name || '<unset>'}\t${p.nodePort}/${p.protocol}\n` : ''}Endpoints:\t${endpointsText(p, mine)}\n`,
  );
  return [
    head(s),
    `Selector:\t${formatMap(spec?.selector) || '<none>'}\nType:\t${spec?.type}\n`,
    spec?.ipFamilyPolicy ? `IP Family Policy:\t${spec.ipFamilyPolicy}\n` : '',
    spec?.ipFamilies?.length ? `IP Families:\t${spec.ipFamilies.join(',')}\n` : 'IP Families:\t<none>\n',
    `IP:\t${spec?.clusterIP ?? ''}\nIPs:\t${(spec?.clusterIPs ?? []).join(',') || '<none>'}\n`,
    spec?.externalIPs?.length ? `External IPs:\t${spec.externalIPs.join(',')}\n` : '',
    spec?.loadBalancerIP ? `Desired LoadBalancer IP:\t${spec.loadBalancerIP}\n` : '',
    spec?.externalName ? `External Name:\t${spec.externalName}\n` : '',
    s.status?.loadBalancer?.ingress?.length ? `LoadBalancer Ingress:\t${ingress}\n` : '',
    ports.join(''),
    `Session Affinity:\t${spec?.sessionAffinity ?? ''}\n`,
    spec?.externalTrafficPolicy ? `External Traffic Policy:\t${spec.externalTrafficPolicy}\n` : '',
    spec?.internalTrafficPolicy ? `Internal Traffic Policy:\t${spec.internalTrafficPolicy}\n` : '',
    spec?.healthCheckNodePort ? `HealthCheck NodePort:\t${spec.healthCheckNodePort}\n` : '',
    spec?.loadBalancerSourceRanges?.length ? `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}\n` : '',
    spec?.trafficDistribution === undefined ? '' : `Traffic Distribution:\t${spec.trafficDistribution}\n`,
  ].join('');
}

export function describeEndpointSlice(slice: V1EndpointSlice): string {
  const unset = (value: unknown): string => (value === undefined || value === '' ? '<unset>' : String(value));
  const ports = (slice.ports ?? []).map((p) => `  ${unset(p.name)}\t${unset(p.port)}\t${p.protocol}\n`).join('');
  const endpoints = (slice.endpoints ?? [])
    .map(
      (e) =>
        `  - Addresses:\t${(e.addresses ?? []).join(', ') || '<none>'}\n    Conditions:\n      Ready:\t${unset(e.conditions?.ready)}\n    Hostname:\t${e.hostname ?? '<unset>'}\n${e.targetRef ? `    TargetRef:\t${e.targetRef.kind}/${e.targetRef.name}\n` : ''}    NodeName:\t${e.nodeName ?? '<unset>'}\n    Zone:\t${e.zone ?? '<unset>'}\n`,
    )
    .join('');
  return `${head(slice)}AddressType:\t${slice.addressType}\n${ports ? `Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------\n${ports}` : 'Ports: <unset>\n'}${endpoints ? `Endpoints:\n${endpoints}` : 'Endpoints: <none>\n'}`;
}
