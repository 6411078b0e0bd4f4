/**
 * What only the Go sources say: `node scripts/build-go.mjs FOLDER`, in which k8s.io is (Debian's golang-k8s-api-dev has it in /usr/share/gocode/src).
 * Writes src/api/schema/descriptions.json: upstream's words about each model and field of definitions.json, from k8s.io/api and k8s.io/apimachinery v0.36.4 types_swagger_doc_generated.go.
 * Writes src/api/protobuf/messages.json: for each message its fields as 'name:number:type'. '[]T' a list, '{}T' a map by strings, '*' what is sent even when it is zero, '.' at the head: the field's own fields stand in its place.
 * From the json and protobuf tags of types.go.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('the folder in which k8s.io is');
const META = 'apimachinery/pkg/apis/meta/v1';
const ROOTS = {
  'api/core/v1': ['Namespace', 'Node', 'Pod', 'Service', 'ConfigMap', 'Secret', 'ServiceAccount', 'Event', 'Binding'],
  'api/apps/v1': ['Deployment', 'ReplicaSet', 'DaemonSet', 'ControllerRevision'],
  'api/discovery/v1': ['EndpointSlice'],
  'api/coordination/v1': ['Lease'],
  'api/events/v1': ['Event'],
  'api/autoscaling/v1': ['Scale'],
  'api/policy/v1': ['Eviction'],
  'api/authentication/v1': ['SelfSubjectReview', 'TokenRequest'],
  'api/authorization/v1': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  [META]: ['DeleteOptions', 'Status'],
};
const LEAVES = {
  string: 'string',
  bool: 'bool',
  int: 'int64',
  int32: 'int32',
  int64: 'int64',
  '[]byte': 'bytes',
  byte: 'byte',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'metav1.Time': 'time',
  'metav1.MicroTime': 'microTime',
  Time: 'time',
  MicroTime: 'microTime',
  'runtime.RawExtension': 'raw',
  FieldsV1: 'raw',
  'types.UID': 'string',
  'types.NodeName': 'string',
};
const PACKAGES = { metav1: META, v1: 'api/core/v1', corev1: 'api/core/v1', apiv1: 'api/core/v1' };

const read = new Map();
/** A package's types: a struct's fields, or what a name stands for. */
function typesOf(path) {
  if (read.has(path)) return read.get(path);
  const types = new Map();
  for (const file of readdirSync(`${folder}/k8s.io/${path}`).filter((name) => /types.*\.go$/.test(name) && !name.endsWith('_test.go'))) {
    const text = readFileSync(`${folder}/k8s.io/${path}/${file}`, 'utf8').replace(/^\s*\/\/.*$/gm, '');
    for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms))
      types.set(name, {
        fields: body
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      });
    for (const [, name, is] of text.matchAll(/^type (\w+) ((?:map\[|\[\]|[a-z])[^\n{]*)$/gm))
      if (!is.startsWith('struct')) types.set(name, { is: is.trim() });
  }
  read.set(path, types);
  return types;
}

const messages = {};
const queue = Object.entries(ROOTS).flatMap(([path, names]) => names.map((name) => [path, name]));
const idOf = (path, name) => `${path.replace(/^api\/|^apimachinery\/pkg\/apis\//, '')}.${name}`;

/** A Go type as this table says it; its messages are written, too. */
function typeText(path, go) {
  if (LEAVES[go] && !(go === 'Time' && path !== META)) return LEAVES[go];
  if (go.startsWith('*')) return typeText(path, go.slice(1));
  if (go.startsWith('[]')) return `[]${typeText(path, go.slice(2))}`;
  const map = /^map\[\w+\](.*)$/.exec(go);
  if (map) return `{}${typeText(path, map[1])}`;
  const [where, name] = go.includes('.') ? [PACKAGES[go.split('.')[0]], go.split('.')[1]] : [path, go];
  const type = where && typesOf(where).get(name);
  if (!type) throw new Error(`${path}: ${go} is not known`);
  if (name === 'ExtraValue') {
    messages[idOf(where, name)] = 'items:1:[]string';
    return `${idOf(where, name)}`;
  }
  if (type.is) return typeText(where, type.is);
  queue.push([where, name]);
  return idOf(where, name);
}

while (queue.length > 0) {
  const [path, name] = queue.shift();
  const id = idOf(path, name);
  if (messages[id] !== undefined) continue;
  messages[id] = '';
  const fields = [];
  for (const line of typesOf(path).get(name).fields) {
    const [, go, tags] = /^(?:\w+\s+)?([\w.*[\]]+)\s+`(.*)`/.exec(line) ?? [];
    const number = /protobuf:"\w+,(\d+),/.exec(tags ?? '')?.[1];
    if (!number) continue;
    const json = /json:"([^",]*)/.exec(tags)[1];
    const isPointer = go.startsWith('*');
    fields.push(`${json === '' ? '.' : json}:${number}:${typeText(path, go)}${isPointer ? '*' : ''}`);
  }
  messages[id] = fields.join(' ');
}
writeFileSync(
  fileURLToPath(new URL('../src/api/protobuf/messages.json', import.meta.url)),
  `${JSON.stringify(messages).replace(/","/g, '",\n"')}\n`,
);
console.log(Object.keys(messages).length, 'messages');

/** Go's own descriptions: type → field → words, and '' for the type's. */
const docs = new Map();
function docsOf(path) {
  if (docs.has(path)) return docs.get(path);
  const text = readFileSync(`${folder}/k8s.io/${path}/types_swagger_doc_generated.go`, 'utf8');
  const found = new Map(
    [...text.matchAll(/^var map_(\w+) = map\[string\]string\{\n(.*?)^\}/gms)].map(([, name, body]) => [
      name,
      new Map(
        [...body.matchAll(/^\s*("(?:[^"\\]|\\.)*"):\s+("(?:[^"\\]|\\.)*"),$/gm)].map(([, field, words]) => [
          JSON.parse(field),
          JSON.parse(words),
        ]),
      ),
    ]),
  );
  docs.set(path, found);
  return found;
}

const GROUPS = { Core: 'api/core/v1', Discovery: 'api/discovery/v1' };
/** 'CoreV1Event' → ['api/core/v1', 'Event']; 'V1PodSpec' is where it is found first. */
function placeOf(model) {
  const [, group, name] = /^([A-Z][a-z]+)?V1(\w+)$/.exec(model);
  const path = group
    ? GROUPS[group]
    : [META, 'api/core/v1', 'api/apps/v1', 'api/discovery/v1', 'api/coordination/v1', 'api/autoscaling/v1'].find((at) =>
        docsOf(at).has(name),
      );
  if (!path) throw new Error(`${model} is nowhere`);
  return [path, name];
}
/** What is said of a field, in the type itself or in one whose fields stand in its place. */
function wordsAbout([path, name], field) {
  const said = docsOf(path).get(name)?.get(field);
  if (said) return said;
  for (const line of typesOf(path).get(name)?.fields ?? []) {
    const [, go] = /^([\w.]+)\s+`json:",inline"/.exec(line) ?? [];
    const words = go && wordsAbout(go.includes('.') ? [PACKAGES[go.split('.')[0]], go.split('.')[1]] : [path, go], field);
    if (words) return words;
  }
  return undefined;
}
const descriptions = {};
for (const [model, fields] of Object.entries(
  JSON.parse(readFileSync(new URL('../src/api/schema/definitions.json', import.meta.url), 'utf8')),
)) {
  const place = placeOf(model);
  for (const field of ['', ...Object.keys(fields)]) {
    const words = wordsAbout(place, field);
    if (words) descriptions[field === '' ? model : `${model}.${field}`] = words;
  }
}
/** A type's comment as the generators put it: lines joined, paragraphs and indented lines kept. Upstream: apimachinery pkg/runtime/swagger_doc_generator.go fmtRawDoc. */
function commentOn(path, name) {
  const lines = readFileSync(`${folder}/k8s.io/apimachinery/pkg/${path}`, 'utf8').split('\n');
  const end = lines.findIndex((line) => line.startsWith(`type ${name} struct`));
  const start = lines.findLastIndex((line, i) => i < end && !line.startsWith('//')) + 1;
  let out = '';
  for (const line of lines.slice(start, end).map((text) => text.replace(/^\/\/ ?/, '').trimEnd())) {
    if (line === '---') break;
    if (line === '') out = `${out.slice(0, -1)}\n\n`;
    else if (/^\s/.test(line)) out = `${out.slice(0, -1)}\n${line}\n`;
    else if (!/^(?:TODO|\+)/.test(line)) out += `${line} `;
  }
  return out.trim();
}
const LEAF_TYPES = {
  quantity: ['api/resource/quantity.go', 'Quantity'],
  intOrString: ['util/intstr/intstr.go', 'IntOrString'],
  time: ['apis/meta/v1/time.go', 'Time'],
  microTime: ['apis/meta/v1/micro_time.go', 'MicroTime'],
  fieldsV1: ['apis/meta/v1/types.go', 'FieldsV1'],
  rawExtension: ['runtime/types.go', 'RawExtension'],
};
for (const [leaf, [path, name]] of Object.entries(LEAF_TYPES)) descriptions[leaf] = commentOn(path, name);
writeFileSync(fileURLToPath(new URL('../src/api/schema/descriptions.json', import.meta.url)), `${JSON.stringify(descriptions)}\n`);
console.log(Object.keys(descriptions).length, 'descriptions');
