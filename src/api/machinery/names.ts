/** What may be a name. Upstream: apimachinery/pkg/util/validation/validation.go, pkg/api/validation (v1.36). */
import { bytesIn } from '../../lib/utf8.ts';
import { forbidden, invalid, required, tooLong, type FieldError } from './field-error.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const VALUE_WORDS =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const KEY_WORDS =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export type NameForm = 'subdomain' | 'label';
const FORMS: Readonly<Record<NameForm, readonly [RegExp, number, string]>> = {
  subdomain: [SUBDOMAIN, 253, SUBDOMAIN_WORDS],
  label: [LABEL, 63, LABEL_WORDS],
};

/** What keeps a text from being a name, however many reasons there are. */
export function nameErrors(name: string, form: NameForm = 'subdomain'): readonly string[] {
  const [pattern, most, words] = FORMS[form];
  return [
    ...(bytesIn(name) > most ? [`must be no more than ${most} characters`] : []),
    ...(pattern.test(name) ? [] : [form === 'label' && SUBDOMAIN.test(name) ? 'must not contain dots' : words]),
  ];
}

export function checkName(name: string | undefined, field: string, form: NameForm = 'subdomain'): readonly FieldError[] {
  if (name === undefined || name === '') return [required(field, field === 'metadata.name' ? 'name or generateName is required' : '')];
  return malformedName(name, field, form);
}

/** As `checkName`, and nothing is said of a name that is not there. */
export const malformedName = (name: string, field: string, form: NameForm = 'subdomain'): readonly FieldError[] =>
  nameErrors(name, form).map((why) => invalid(field, name, why));

export function checkLabels(labels: Readonly<Record<string, string>> | undefined, field: string): readonly FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...checkKey(key, field),
    ...labelValueErrors(value).map((why) => invalid(field, value, why)),
  ]);
}

export const checkKey = (key: string, field: string): readonly FieldError[] => labelKeyErrors(key).map((why) => invalid(field, key, why));

export function labelValueErrors(value: string): readonly string[] {
  return [
    ...(bytesIn(value) > 63 ? ['must be no more than 63 bytes'] : []),
    ...(value === '' || QUALIFIED.test(value) ? [] : [VALUE_WORDS]),
  ];
}

/** What keeps a text from being a label's or annotation's key, a taint's key, a resource's name. */
export function labelKeyErrors(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${KEY_WORDS.slice('name part '.length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const name = parts[parts.length - 1];
  const prefix = parts.length === 2 ? parts[0] : undefined;
  return [
    ...(prefix === '' ? ['prefix part must be non-empty'] : []),
    ...(prefix !== undefined && bytesIn(prefix) > 253 ? ['prefix part must be no more than 253 bytes'] : []),
    ...(prefix ? (SUBDOMAIN.test(prefix) ? [] : [`prefix part ${SUBDOMAIN_WORDS}`]) : []),
    ...(name === '' ? ['name part must be non-empty'] : bytesIn(name) > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(QUALIFIED.test(name) ? [] : [KEY_WORDS]),
  ];
}

const MOST_ANNOTATION_BYTES = 256 * 1024;
interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
}

/** What every object's metadata must keep to. Upstream: apimachinery/pkg/api/validation/objectmeta.go. */
export function checkMetadata(metadata: Metadata | undefined, form: NameForm = 'subdomain'): readonly FieldError[] {
  const annotations = Object.entries(metadata?.annotations ?? {});
  return [
    ...checkGenerateName(metadata?.generateName, form),
    ...checkName(metadata?.name, 'metadata.name', form),
    ...(metadata?.namespace ? malformedName(metadata.namespace, 'metadata.namespace', 'label') : []),
    ...checkLabels(metadata?.labels, 'metadata.labels'),
    ...annotations.flatMap(([key]) => labelKeyErrors(key.toLowerCase()).map((why) => invalid('metadata.annotations', key, why))),
    ...(annotations.reduce((sum, [key, value]) => sum + bytesIn(key) + bytesIn(value), 0) > MOST_ANNOTATION_BYTES
      ? [tooLong('metadata.annotations', MOST_ANNOTATION_BYTES)]
      : []),
    ...checkOwners(metadata?.ownerReferences ?? []),
    ...checkFinalizers(metadata?.finalizers ?? []),
  ];
}

/** A base that will get a suffix may end with a dash. Upstream: maskTrailingDash. */
function checkGenerateName(base: string | undefined, form: NameForm): readonly FieldError[] {
  return base
    ? nameErrors(base.length > 1 && base.endsWith('-') ? `${base.slice(0, -2)}a` : base, form).map((why) =>
        invalid('metadata.generateName', base, why),
      )
    : [];
}

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

const ownFinalizerErrors = (name: string, field: string): readonly FieldError[] =>
  name.includes('/') || STANDARD_FINALIZERS.has(name)
    ? []
    : [invalid(field, name, 'name is neither a standard finalizer name nor is it fully qualified')];
/** Of a namespace's spec. Upstream: pkg/apis/core/validation/validation.go ValidateFinalizerName. */
export const finalizerErrors = (name: string, field: string): readonly FieldError[] => [
  ...checkKey(name, field),
  ...ownFinalizerErrors(name, field),
];

function checkFinalizers(finalizers: readonly string[]): readonly FieldError[] {
  const hasBoth = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion');
  return [
    ...finalizers.flatMap((name) => checkKey(name, 'metadata.finalizers')),
    ...(hasBoth ? [invalid('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
    ...finalizers.flatMap((name, i) => ownFinalizerErrors(name, `metadata.finalizers[${i}]`)),
  ];
}

/** What an update must keep to as well. Upstream: ValidateObjectMetaAccessorUpdate; what of it cannot happen is left out. */
export function checkMetadataUpdate(
  next: Metadata | undefined,
  old: (Metadata & { readonly deletionTimestamp?: string }) | undefined,
): readonly FieldError[] {
  if (old?.deletionTimestamp === undefined) return [];
  const added = [...new Set(next?.finalizers)].filter((name) => !old.finalizers?.includes(name)).sort((a, b) => (a < b ? -1 : 1));
  return added.length === 0
    ? []
    : [
        forbidden(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
        ),
      ];
}

/** 'v1', 'apps/v1', 'apps/'. Upstream: schema.ParseGroupVersion; what it cannot read has no version. */
const VERSION = /^(?:[^/]+|[^/]*\/[^/]+)$/;

/** Upstream names no index. */
function checkOwners(owners: NonNullable<Metadata['ownerReferences']>): readonly FieldError[] {
  const at = 'metadata.ownerReferences';
  const [first] = owners.filter((owner) => owner.controller === true);
  return owners.flatMap((owner) => [
    ...(VERSION.test(owner.apiVersion) ? [] : [invalid(`${at}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty')]),
    ...(['kind', 'name', 'uid'] as const)
      .filter((field) => !owner[field])
      .map((field) => invalid(`${at}.${field}`, '', 'must not be empty')),
    ...(owner.apiVersion === 'v1' && owner.kind === 'Event'
      ? [invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner')]
      : []),
    ...(owner.controller === true && owner !== first
      ? [
          invalid(
            at,
            owners,
            `Only one reference can have Controller set to true. Found "true" in references for ${first.kind}/${first.name} and ${owner.kind}/${owner.name}`,
          ),
        ]
      : []),
  ]);
}
