/** What may be a name. Upstream: apimachinery/pkg/util/validation/validation.go, pkg/api/validation (v1.36). */
import { invalid, required, type FieldError } from './field-error.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const SUBDOMAIN_WORDS = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_WORDS = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_WORDS = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const VALUE_WORDS = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const KEY_WORDS = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export type NameForm = 'subdomain' | 'label' | 'label1035';
const FORMS: Readonly<Record<NameForm, readonly [RegExp, number, string]>> = { subdomain: [SUBDOMAIN, 253, SUBDOMAIN_WORDS], label: [LABEL, 63, LABEL_WORDS], label1035: [LABEL_1035, 63, LABEL_1035_WORDS] };

export function checkName(name: string | undefined, field: string, form: NameForm = 'subdomain'): readonly FieldError[] {
  if (name === undefined || name === '') return [required(field, field === 'metadata.name' ? 'name or generateName is required' : '')];
  const [pattern, most, words] = FORMS[form];
  if (name.length > most) return [invalid(field, name, `must be no more than ${most} characters`)];
  return pattern.test(name) ? [] : [invalid(field, name, words)];
}

export function checkLabels(labels: Readonly<Record<string, string>> | undefined, field: string): readonly FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [...checkKey(key, field), ...(value.length > 63 ? [invalid(field, value, 'must be no more than 63 characters')] : value === '' || QUALIFIED.test(value) ? [] : [invalid(field, value, VALUE_WORDS)])]);
}

export function checkKey(key: string, field: string): readonly FieldError[] {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (slash >= 0 && !SUBDOMAIN.test(key.slice(0, slash))) return [invalid(field, key, `prefix part ${SUBDOMAIN_WORDS}`)];
  if (name === '') return [invalid(field, key, 'name part must be non-empty')];
  if (name.length > 63) return [invalid(field, key, 'name part must be no more than 63 characters')];
  return QUALIFIED.test(name) ? [] : [invalid(field, key, KEY_WORDS)];
}

/** What every object's metadata must keep to. */
export function checkMetadata(metadata: { readonly name?: string; readonly generateName?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> } | undefined, form: NameForm = 'subdomain'): readonly FieldError[] {
  return [...checkName(metadata?.name, 'metadata.name', form), ...checkLabels(metadata?.labels, 'metadata.labels'), ...Object.keys(metadata?.annotations ?? {}).flatMap((key) => checkKey(key.toLowerCase(), 'metadata.annotations'))];
}
