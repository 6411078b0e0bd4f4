/** The Kubernetes REST paths, built and read. Upstream: k8s.io/apiserver pkg/endpoints/request/requestinfo.go (v1.36). */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace?: string;
  readonly plural: string;
  readonly name?: string;
  readonly subresource?: string;
}

export function pathOf(r: ResourcePath): string {
  const root = r.group === '' ? `/api/${r.version}` : `/apis/${r.group}/${r.version}`;
  const scope = r.namespace === undefined ? '' : `/namespaces/${r.namespace}`;
  return `${root}${scope}/${r.plural}${r.name === undefined ? '' : `/${r.name}`}${r.subresource === undefined ? '' : `/${r.subresource}`}`;
}

/** Undefined when the path is not a resource's. '/api/v1/namespaces/default' is the namespace itself, '…/default/pods' what is in it. */
export function parsePath(path: string): ResourcePath | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const group = isCore ? '' : parts[1];
  const version = parts[isCore ? 1 : 2];
  const rest = parts.slice(isCore ? 2 : 3);
  if (version === undefined || rest.length === 0) return undefined;
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [namespace, body] = inNamespace ? [rest[1], rest.slice(2)] : [undefined, rest];
  if (body.length > 3) return undefined;
  return { group, version, ...(namespace === undefined ? {} : { namespace }), plural: body[0], ...(body[1] === undefined ? {} : { name: body[1] }), ...(body[2] === undefined ? {} : { subresource: body[2] }) };
}

/** 'pods', 'deployments.apps': the name by which caches, selectors and kubectl know a resource. */
export function resourceNameOf(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}
