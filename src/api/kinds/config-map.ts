/** ConfigMap. Upstream: pkg/registry/core/configmap/strategy.go, pkg/apis/core/validation/validation.go ValidateConfigMap (v1.36). Simplified: nothing. */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { checkConfigKey, checkTotalSize } from '../machinery/config-keys.ts';
import { forbidden, invalid, type FieldError } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1ConfigMap } from '../schema/kubernetes.ts';

function validate(c: V1ConfigMap): readonly FieldError[] {
  const [data, binary] = [Object.entries(c.data ?? {}), Object.entries(c.binaryData ?? {})];
  const size = data.reduce((sum, [, v]) => sum + v.length, 0) + binary.reduce((sum, [, v]) => sum + Math.floor((v.length * 3) / 4), 0);
  return [
    ...checkMetadata(c.metadata),
    ...data.flatMap(([k]) => [
      ...checkConfigKey(k, `data[${k}]`),
      ...(Object.hasOwn(c.binaryData ?? {}, k) ? [invalid(`data[${k}]`, k, `duplicate of key present in binaryData`)] : []),
    ]),
    ...binary.flatMap(([k]) => checkConfigKey(k, `binaryData[${k}]`)),
    ...checkTotalSize(size, ''),
  ];
}

export default {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  model: 'V1ConfigMap',
  subresources: [],
  validate,
  validateUpdate: (next, old) =>
    old.immutable
      ? [
          ...(next.immutable ? [] : [forbidden('immutable', 'field is immutable when `immutable` is set')]),
          ...(['data', 'binaryData'] as const)
            .filter((field) => !sameJson(next[field] ?? {}, old[field] ?? {}))
            .map((field) => forbidden(field, 'field is immutable when `immutable` is set')),
        ]
      : [],
  columns: [
    nameColumn,
    { name: 'Data', isNumber: true, value: (c) => String(Object.keys(c.data ?? {}).length + Object.keys(c.binaryData ?? {}).length) },
    ageColumn,
  ],
} satisfies Kind<V1ConfigMap>;
