/** kubectl set env. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go, set/env/{env_parse,env_resolve}.go (v1.36). Simplified: --resolve shows references. */
import type { KubeObject } from '../../api/object.ts';
import type { V1ConfigMap, V1EnvVar, V1EnvVarSource, V1Secret } from '../../api/schema/kubernetes.ts';
import { halves } from '../argv.ts';
import { serverError, type Command, type Env } from '../command.ts';
import { patching, type Spec } from '../patching.ts';
import { getAsk } from '../targets.ts';
import { containersOf, containersPatch, isMeant, noTemplate, podSpecOf } from '../pod-template.ts';
import { resolve } from '../resources.ts';

const isChange = (word: string): boolean => /.=/s.test(word) || word.endsWith('-');
const changesOf = ({ argv }: Env): readonly string[] => [...(argv.all.get('env') ?? []), ...argv.words.filter(isChange)];
const NAME =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

interface Changes {
  readonly set: readonly V1EnvVar[];
  readonly remove: readonly string[];
}
const pairOf = (word: string): V1EnvVar => {
  const [name, value] = halves(word);
  return value === '' ? { name } : { name, value };
};

/** 'A=b', 'A-', and '-' for the lines of stdin; an error is a text. */
function parsed(env: Env): Changes | string {
  const set: V1EnvVar[] = [];
  const remove: string[] = [];
  for (const word of changesOf(env)) {
    if (word === '-')
      set.push(
        ...env.stdin
          .split('\n')
          .map((line) => line.replace(/#.*$/, ''))
          .filter((line) => line.includes('='))
          .map(pairOf),
      );
    else if (word.includes('=')) {
      const pair = pairOf(word);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(pair.name)) return `error: ${JSON.stringify(pair.name)} is not a valid key name: ${NAME}\n`;
      set.push(pair);
    } else if (word.endsWith('-')) remove.push(word.slice(0, -1));
    else return `error: unknown environment variable: ${word}\n`;
  }
  return set.some(({ name }) => remove.includes(name))
    ? 'error: can not both modify and remove the same environment variable in the same command\n'
    : { set, remove };
}

function usageError({ argv: { flags, words } }: Env): string | undefined {
  if (flags.has('all') && flags.has('selector')) return 'error: cannot set --all and --selector at the same time\n';
  const first = words.findIndex(isChange);
  if (first >= 0 && words.slice(first).some((w) => !isChange(w)))
    return `error: all resources must be specified before environment changes: ${words.join(' ')}\n`;
  if (!flags.has('filename') && (first < 0 ? words.length : first) === 0)
    return 'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n';
  if (flags.has('list') && flags.has('output')) return 'error: --list and --output may not be specified together\n';
  return flags.has('keys') && !flags.has('from')
    ? 'error: when specifying --keys, a configmap or secret must be provided with --from\n'
    : undefined;
}

/** A variable for each key of what --from names, in the order of the keys. */
function variablesFrom(object: KubeObject, env: Env): { readonly set: readonly V1EnvVar[]; readonly said: string } {
  const { metadata: { name } = {}, data } = object as V1ConfigMap | V1Secret;
  const wanted = env.argv.flags.get('keys')?.split(',');
  const keys = Object.keys(data ?? {})
    .filter((key) => wanted?.includes(key) ?? true)
    .sort((a, b) => (a < b ? -1 : 1));
  const variable = (key: string): string => key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
  const set = keys.map((key): V1EnvVar => ({
    name: variable(key),
    valueFrom: object.kind === 'Secret' ? { secretKeyRef: { name, key } } : { configMapKeyRef: { name, key } },
  }));
  return {
    set,
    said: keys
      .filter((key) => variable(key) !== key)
      .map((key) => `Warning: key ${key} transferred to ${variable(key)}\n`)
      .join(''),
  };
}

function reference({ configMapKeyRef: c, secretKeyRef: s, fieldRef: f, resourceFieldRef: r }: V1EnvVarSource): string {
  if (c) return `configmap ${c.name}, key ${c.key}`;
  if (s) return `secret ${s.name}, key ${s.key}`;
  if (f) return `field path ${f.fieldPath}`;
  return r ? `resource field ${r.containerName ? `${r.containerName}/` : ''}${r.resource}` : 'invalid valueFrom';
}

/** What is there keeps its place; the last word about a name counts. */
function changed(had: readonly V1EnvVar[] = [], { set, remove }: Changes): readonly V1EnvVar[] {
  const kept = had.filter(({ name }) => !remove.includes(name)).map((e) => set.find(({ name }) => name === e.name) ?? e);
  return [...kept, ...set.filter(({ name }, i) => !kept.some((e) => e.name === name) && set.findIndex((e) => e.name === name) === i)];
}

const specWith = (changes: Changes): Spec => ({
  name: 'set env',
  readsFirst: true,
  refused: 'failed to patch env update to pod template: ',
  words: ({ argv: { words } }) => words.filter((w) => !isChange(w)),
  patchOf({ argv: { flags } }, current, target) {
    const spec = podSpecOf(current);
    const isList = flags.has('list');
    if (!spec) return isList ? { word: '' } : noTemplate(target);
    const meant = flags.get('containers') ?? '*';
    const containers = containersOf(spec).filter((c) => isMeant(c.name, meant));
    if (containers.length === 0)
      return {
        word: '',
        warning: `Warning: ${target.kind.kind}/${target.name} does not have any containers matching ${JSON.stringify(meant)}\n`,
      };
    const clash =
      flags.get('overwrite') === 'false'
        ? containers
            .flatMap((c) => c.env ?? [])
            .find((e) => changes.set.some((s) => s.name === e.name && (s.value ?? '') !== (e.value ?? '')))
        : undefined;
    if (clash)
      return {
        error: isList
          ? ''
          : `error: ${target.kind.plural}/${target.name} '${clash.name}' already has a value (${clash.value ?? ''}), and --overwrite is false\n`,
        goesOn: true,
      };
    if (isList)
      return {
        word: '',
        note: containers
          .map(
            (c) =>
              `# ${target.kind.kind} ${target.name}, container ${c.name}\n${changed(c.env, changes)
                .map((e) => (e.valueFrom ? `# ${e.name} from ${reference(e.valueFrom)}\n` : `${e.name}=${e.value ?? ''}\n`))
                .join('')}`,
          )
          .join(''),
      };
    const body = containersPatch(current, target, (c) => {
      const env = changed(c.env, changes);
      return containers.some((one) => one.name === c.name) && (c.env !== undefined || env.length > 0) ? { ...c, env } : c;
    });
    return body ? { body, word: 'env updated' } : { word: '' };
  },
});

interface State {
  readonly changes: Changes;
  /** Of the command that patches. */
  readonly inner?: unknown;
}

function begin(env: Env, changes: Changes, said: string): ReturnType<Command['init']> {
  const prefix = env.argv.flags.get('prefix') ?? '';
  const all = { ...changes, set: changes.set.map((e) => ({ ...e, name: prefix + e.name })) };
  const output = patching(specWith(all)).init(env);
  return { ...output, said: said + (output.said ?? ''), state: { changes: all, inner: output.state } satisfies State };
}

export default [
  {
    name: 'set env',
    init(env) {
      const changes = parsed(env);
      const wrong = usageError(env) ?? (typeof changes === 'string' ? changes : undefined);
      if (wrong !== undefined || typeof changes === 'string') return { err: wrong ?? '', exit: 1 };
      const from = env.argv.flags.get('from');
      if (from === undefined) return begin(env, changes, '');
      const found = resolve(from.split(' '));
      if (typeof found === 'string') return { err: found, exit: 1 };
      return {
        state: { changes } satisfies State,
        ask: (getAsk({ ...found[0], namespace: env.namespace }) ?? []).map((ask) => ({ ...ask, tag: 'from' })),
      };
    },
    update(model, told, env) {
      const { changes, inner } = model as State;
      if (told.tag !== 'from') {
        const output = patching(specWith(changes)).update(inner, told, env);
        return 'state' in output ? { ...output, state: { changes, inner: output.state } satisfies State } : output;
      }
      if (told.response?.code !== 200) return { err: serverError(told.response), exit: 1 };
      const object = told.response.body as KubeObject;
      if (object.kind !== 'ConfigMap' && object.kind !== 'Secret')
        return { err: 'error: unsupported resource specified in --from\n', exit: 1 };
      const { set, said } = variablesFrom(object, env);
      return begin(env, { ...changes, set: [...changes.set, ...set] }, said);
    },
  },
] satisfies readonly Command[];
