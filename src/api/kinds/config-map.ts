/** ConfigMap. Upstream: pkg/registry/core/configmap/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { forbidden, invalid } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import { canonicalJson } from '../machinery/template-hash.ts';
import type { V1ConfigMap } from '../schema/kubernetes.ts';

const KEY = /^[-._a-zA-Z0-9]+$/;

export default {
  group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', singular: 'configmap', shortNames: ['cm'], namespaced: true, model: 'V1ConfigMap', subresources: [],
  validate: (c) => [...checkMetadata(c.metadata), ...Object.keys(c.data ?? {}).filter((k) => !KEY.test(k)).map((k) => invalid(`data[${k}]`, k, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"))],
  validateUpdate: (next, old) => (old.immutable && canonicalJson([next.data, next.binaryData]) !== canonicalJson([old.data, old.binaryData]) ? [forbidden('data', 'field is immutable when `immutable` is set')] : []),
  columns: [nameColumn, { name: 'Data', value: (c) => String(Object.keys(c.data ?? {}).length + Object.keys(c.binaryData ?? {}).length) }, ageColumn],
} satisfies Kind<V1ConfigMap>;
