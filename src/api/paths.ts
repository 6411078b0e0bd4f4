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
  const all = path.split('/');
  const parts = all.indexOf('', 1) < 0 && all[0] === '' ? all : ['', ...all.filter((part) => part !== '')];
  const isCore = parts[1] === 'api';
  if (!isCore && parts[1] !== 'apis') return undefined;
  const at = isCore ? 3 : 4;
  if (parts.length <= at) return undefined;
  const inNamespace = parts[at] === 'namespaces' && parts.length > at + 2 && parts[at + 2] !== 'status' && parts[at + 2] !== 'finalize';
  const body = inNamespace ? at + 2 : at;
  if (parts.length > body + 3) return undefined;
  const read: { -readonly [K in keyof ResourcePath]: ResourcePath[K] } = {
    group: isCore ? '' : parts[2],
    version: parts[at - 1],
    plural: parts[body],
  };
  if (inNamespace) read.namespace = parts[at + 1];
  if (parts.length > body + 1) read.name = parts[body + 1];
  if (parts.length > body + 2) read.subresource = parts[body + 2];
  return read;
}

/** 'pods', 'deployments.apps': the name by which caches, selectors and kubectl know a resource. */
export function resourceNameOf(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}
