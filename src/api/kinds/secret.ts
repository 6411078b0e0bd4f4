/** Secret: encoded in base64, not encrypted. Upstream: pkg/registry/core/secret/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { checkConfigKey, checkTotalSize } from '../machinery/config-keys.ts';
import { forbidden, invalid, required } from '../machinery/field-error.ts';
import { encodeBase64, isBase64 } from '../../lib/base64.ts';
import { checkMetadata } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1Secret } from '../schema/kubernetes.ts';

/** What a secret of a well-known type must hold. */
const REQUIRED_KEYS: ReadonlyMap<string, readonly string[]> = new Map([['kubernetes.io/tls', ['tls.crt', 'tls.key']], ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']], ['kubernetes.io/dockercfg', ['.dockercfg']], ['kubernetes.io/ssh-auth', ['ssh-privatekey']]]);

export default {
  group: '', version: 'v1', kind: 'Secret', plural: 'secrets', singular: 'secret', shortNames: [], namespaced: true, model: 'V1Secret', subresources: [],
  applyDefaults(s) {
    const { stringData, ...rest } = s;
    const data = stringData ? { ...s.data, ...Object.fromEntries(Object.entries(stringData).map(([k, v]) => [k, encodeBase64(v)])) } : s.data;
    return { ...rest, type: s.type || 'Opaque', ...(data ? { data } : {}) };
  },
  validate: (s) => {
    const data = Object.entries(s.data ?? {});
    return [
      ...checkMetadata(s.metadata), ...data.flatMap(([k, v]) => [...checkConfigKey(k, `data[${k}]`), ...(isBase64(v) ? [] : [invalid(`data[${k}]`, '<secret contents redacted>', 'illegal base64 data')])]),
      ...checkTotalSize(data.reduce((sum, [, v]) => sum + Math.floor((v.length * 3) / 4), 0), 'data'),
      ...(REQUIRED_KEYS.get(s.type ?? '') ?? []).filter((key) => !Object.hasOwn(s.data ?? {}, key)).map((key) => required(`data[${key}]`)),
    ];
  },
  validateUpdate: (next, old) => [
    ...(next.type !== old.type ? [invalid('type', next.type, 'field is immutable')] : []),
    ...(old.immutable && !next.immutable ? [forbidden('immutable', 'field is immutable when `immutable` is set')] : []),
    ...(old.immutable && !sameJson(next.data ?? {}, old.data ?? {}) ? [forbidden('data', 'field is immutable when `immutable` is set')] : []),
  ],
  selectableFields: (s) => ({ type: s.type ?? '' }),
  columns: [nameColumn, { name: 'Type', value: (s) => s.type ?? '' }, { name: 'Data', isNumber: true, value: (s) => String(Object.keys(s.data ?? {}).length) }, ageColumn],
} satisfies Kind<V1Secret>;
