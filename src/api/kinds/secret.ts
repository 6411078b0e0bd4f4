/** Secret: encoded in base64, not encrypted. Upstream: pkg/registry/core/secret/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { checkConfigKey, checkTotalSize } from '../machinery/config-keys.ts';
import { forbidden, invalid, required, type FieldError } from '../machinery/field-error.ts';
import { decodeBase64, encodeBase64 } from '../../lib/base64.ts';
import { checkMetadata } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1Secret } from '../schema/kubernetes.ts';

const REDACTED = '<secret contents redacted>';

/** What a secret of a well-known type must hold. */
function validateType({ type, data = {}, metadata }: V1Secret): readonly FieldError[] {
  const need = (...keys: readonly string[]): readonly FieldError[] =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`));
  switch (type) {
    case 'kubernetes.io/service-account-token':
      return metadata?.annotations?.['kubernetes.io/service-account.name']
        ? []
        : [required('metadata.annotations[kubernetes.io/service-account.name]')];
    case 'kubernetes.io/dockercfg':
      return [...need('.dockercfg'), ...jsonErrors(data, '.dockercfg')];
    case 'kubernetes.io/dockerconfigjson':
      return [...need('.dockerconfigjson'), ...jsonErrors(data, '.dockerconfigjson')];
    case 'kubernetes.io/basic-auth':
      return Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password') ? [] : need('username', 'password');
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')];
    case 'kubernetes.io/tls':
      return need('tls.crt', 'tls.key');
    default:
      return [];
  }
}

/** Go's own words for the commonest mistakes. */
function jsonErrors(data: Readonly<Record<string, string>>, key: string): readonly FieldError[] {
  if (!Object.hasOwn(data, key)) return [];
  const text = decodeBase64(data[key]);
  const refuse = (why: string): readonly FieldError[] => [invalid(`data[${key}]`, REDACTED, why)];
  if (text.trim() === '') return refuse('unexpected end of JSON input');
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && !Array.isArray(value)
      ? []
      : refuse(`json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`);
  } catch {
    return refuse(`invalid character '${text.trim()[0]}' looking for beginning of value`);
  }
}

export default {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  namespaced: true,
  model: 'V1Secret',
  subresources: [],
  applyDefaults(s) {
    const { stringData, ...rest } = s;
    const data = stringData
      ? { ...s.data, ...Object.fromEntries(Object.entries(stringData).map(([k, v]) => [k, encodeBase64(v)])) }
      : s.data;
    return { ...rest, type: s.type || 'Opaque', ...(data ? { data } : {}) };
  },
  validate: (s) => {
    const data = Object.entries(s.data ?? {});
    return [
      ...checkMetadata(s.metadata),
      ...data.flatMap(([k]) => checkConfigKey(k, `data[${k}]`)),
      ...checkTotalSize(
        data.reduce((sum, [, v]) => sum + Math.floor((v.length * 3) / 4), 0),
        'data',
      ),
      ...validateType(s),
    ];
  },
  validateUpdate: (next, old) => [
    ...(next.type !== old.type ? [invalid('type', next.type, 'field is immutable')] : []),
    ...(old.immutable && !next.immutable ? [forbidden('immutable', 'field is immutable when `immutable` is set')] : []),
    ...(old.immutable && !sameJson(next.data ?? {}, old.data ?? {})
      ? [forbidden('data', 'field is immutable when `immutable` is set')]
      : []),
  ],
  selectableFields: (s) => ({ type: s.type ?? '' }),
  columns: [
    nameColumn,
    { name: 'Type', value: (s) => s.type ?? '' },
    { name: 'Data', isNumber: true, value: (s) => String(Object.keys(s.data ?? {}).length) },
    ageColumn,
  ],
} satisfies Kind<V1Secret>;
