/** Secret: encoded in base64, not encrypted. Upstream: pkg/registry/core/secret/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { forbidden, invalid } from '../machinery/field-error.ts';
import { encodeBase64, isBase64 } from '../../lib/base64.ts';
import { checkMetadata } from '../machinery/names.ts';
import { canonicalJson } from '../machinery/template-hash.ts';
import type { V1Secret } from '../schema/kubernetes.ts';

export default {
  group: '', version: 'v1', kind: 'Secret', plural: 'secrets', singular: 'secret', shortNames: [], namespaced: true, model: 'V1Secret', subresources: [],
  applyDefaults(s) {
    const { stringData, ...rest } = s;
    const data = stringData ? { ...s.data, ...Object.fromEntries(Object.entries(stringData).map(([k, v]) => [k, encodeBase64(v)])) } : s.data;
    return { ...rest, type: s.type || 'Opaque', ...(data ? { data } : {}) };
  },
  validate: (s) => [...checkMetadata(s.metadata), ...Object.entries(s.data ?? {}).filter(([, v]) => !isBase64(v)).map(([k, v]) => invalid(`data[${k}]`, v, 'illegal base64 data'))],
  validateUpdate: (next, old) => [
    ...(next.type !== old.type ? [invalid('type', next.type, 'field is immutable')] : []),
    ...(old.immutable && canonicalJson(next.data) !== canonicalJson(old.data) ? [forbidden('data', 'field is immutable when `immutable` is set')] : []),
  ],
  selectableFields: (s) => ({ type: s.type ?? '' }),
  columns: [nameColumn, { name: 'Type', value: (s) => s.type ?? '' }, { name: 'Data', value: (s) => String(Object.keys(s.data ?? {}).length) }, ageColumn],
} satisfies Kind<V1Secret>;
