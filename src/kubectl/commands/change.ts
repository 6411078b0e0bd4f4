/** kubectl scale, cordon, uncordon, patch, label, annotate. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). Simplified: edit is not there. */
import type { V1Node } from '../../api/schema/kubernetes.ts';
import { parse as parseYaml } from 'yaml';
import { halves } from '../argv.ts';
import type { Command, Env } from '../command.ts';
import { labelValueErrors } from '../../api/machinery/names.ts';
import { requiredError } from '../flag-values.ts';
import { MERGE, patching, type Spec } from '../patching.ts';
import { PATCH_TYPES } from '../../api/machinery/patch/apply-patch.ts';
import { NAME_AND_SELECTOR } from '../resources.ts';

const scale: Spec = {
  name: 'scale',
  answersOther: true,
  nothing: 'error: no objects passed to scale\n',
  words: ({ argv }) => {
    const error = requiredError(argv, 'replicas');
    return error === undefined ? argv.words : { error };
  },
  patchOf(env, current) {
    const replicas = Number(env.argv.flags.get('replicas'));
    if (!Number.isInteger(replicas) || replicas < 0)
      return { error: 'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n' };
    const version = env.argv.flags.get('resource-version');
    if (version && version !== current.metadata?.resourceVersion)
      return { error: `error: Expected resource version to be ${version}, was ${current.metadata?.resourceVersion}\n` };
    const [was, wanted] = [
      (current as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 0,
      env.argv.flags.get('current-replicas'),
    ];
    if (wanted !== undefined && wanted !== '-1' && Number(wanted) !== was)
      return { error: `error: Expected replicas to be ${wanted}, was ${was}\n` };
    return { body: { spec: { replicas } }, contentType: MERGE, subresource: 'scale', word: 'scaled' };
  },
};

/** Nodes by name, as cordon and taint take them. */
const nodes =
  (command: string) =>
  (env: Env): readonly string[] | { readonly error: string } =>
    env.argv.words.length > 0 && env.argv.flags.has('selector')
      ? { error: `error: cannot specify both a node name and a --selector option\nSee 'kubectl ${command} -h' for help and examples\n` }
      : env.argv.words.length > 0 || env.argv.flags.has('selector')
        ? ['node', ...env.argv.words.map((w) => w.replace(/^nodes?\//, ''))]
        : { error: `error: USAGE: ${command} NODE [flags]\nSee 'kubectl ${command} -h' for help and examples\n` };
const cordoning = (name: 'cordon' | 'uncordon'): Spec => ({
  name,
  words: nodes(name),
  readsFirst: true,
  patchOf(_env, current) {
    const wanted = name === 'cordon';
    if (((current as V1Node).spec?.unschedulable ?? false) === wanted) return { word: `already ${name}ed` };
    return { body: { spec: { unschedulable: wanted ? true : null } }, word: `${name}ed` };
  },
});

const patch: Spec = {
  name: 'patch',
  isMute: true,
  words: ({ argv: { flags, words } }) =>
    flags.has('patch') && flags.has('patch-file')
      ? { error: 'error: cannot specify --patch and --patch-file together\n' }
      : flags.get('patch')
        ? words
        : flags.has('patch-file')
          ? { error: `error: unable to read patch file: open ${flags.get('patch-file')}: no such file or directory\n` }
          : { error: 'error: must specify --patch or --patch-file containing the contents of the patch\n' },
  patchOf(env) {
    const type = env.argv.flags.get('type') ?? 'strategic';
    const contentType = (PATCH_TYPES as Readonly<Record<string, string>>)[type];
    if (contentType === undefined) return { error: `error: --type must be one of [json merge strategic], not ${JSON.stringify(type)}\n` };
    let body: unknown;
    try {
      body = parseYaml(env.argv.flags.get('patch') ?? '', { maxAliasCount: 50 });
    } catch (error) {
      return { error: `error: unable to parse ${JSON.stringify(env.argv.flags.get('patch'))}: ${(error as Error).message}\n` };
    }
    const subresource = env.argv.flags.get('subresource');
    return { body, contentType, word: 'patched', unchanged: 'patched (no change)', ...(subresource === undefined ? {} : { subresource }) };
  },
};

interface Marks {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}
const isMark = (word: string): boolean => word.indexOf('=') > 0 || word.endsWith('-');
const marksOf = (words: readonly string[]): Marks => ({
  set: new Map(words.filter((w) => w.includes('=')).map(halves)),
  remove: words.filter((w) => !w.includes('=') && w.endsWith('-')).map((w) => w.slice(0, -1)),
});

function marksError(words: readonly string[], name: 'label' | 'annotate'): { readonly error: string } | undefined {
  const { set, remove } = marksOf(words);
  const both = remove.filter((key) => set.has(key));
  if (both.length > 0)
    return {
      error: `error: can not both modify and remove ${name === 'label' ? 'a label in the same command' : `the following annotation(s) in the same command: ${both.join(', ')}`}\n`,
    };
  const odd = name === 'label' ? words.find((word) => word.split('=').length > 2) : undefined;
  if (odd !== undefined) return { error: `error: invalid label spec: ${odd}\n` };
  const bad = name === 'label' ? [...set].find(([, value]) => labelValueErrors(value).length > 0) : undefined;
  return bad && { error: `error: invalid label value: ${JSON.stringify(bad.join('='))}: ${labelValueErrors(bad[1]).join(';')}\n` };
}

/** Whether the words name one object, or may. Upstream: cli-runtime pkg/resource/result.go IsSingleItemImplied. Simplified: of a file it is taken that it has one. */
const isOne = ({ argv: { flags } }: Env, named: readonly string[]): boolean =>
  flags.has('filename') || named.length === (named[0]?.includes('/') ? 1 : 2);

/** Upstream: pkg/cmd/label/label.go updateDataChangeMsg. */
const labelWord = (hasAdded: boolean, hasRemoved: boolean): string =>
  hasAdded ? (hasRemoved ? 'modified' : 'labeled') : hasRemoved ? 'unlabeled' : 'not labeled';

/** label and annotate: the same command over two maps. */
const marking = (name: 'label' | 'annotate', field: 'labels' | 'annotations'): Spec => ({
  name,
  words(env) {
    const what = name === 'label' ? 'label' : 'annotation';
    if (env.argv.flags.has('local') && !env.argv.flags.has('filename'))
      return { error: 'error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n' };
    const named = env.argv.words.filter((w, i) => (i === 0 && !env.argv.flags.has('filename')) || !isMark(w));
    if (named.length === 0 && !env.argv.flags.has('filename'))
      return { error: 'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n' };
    if (env.argv.words.length === named.length && !env.argv.flags.has('list'))
      return { error: `error: at least one ${what} update is required\n` };
    const from = env.argv.words.findIndex((w, i) => (i > 0 || env.argv.flags.has('filename')) && isMark(w));
    const late = from < 0 ? undefined : env.argv.words.slice(from).find((w) => !isMark(w));
    if (late !== undefined) return { error: `error: all resources must be specified before ${what} changes: ${late}\n` };
    if (env.argv.flags.has('all') && env.argv.flags.has('selector'))
      return { error: 'error: cannot set --all and --selector at the same time\n' };
    if (named.some((word, i) => word.includes('/') || i > 0) && env.argv.flags.has('selector')) return { error: NAME_AND_SELECTOR };
    if (env.argv.flags.has('resource-version') && !isOne(env, named))
      return { error: 'error: --resource-version may only be used with a single resource\n' };
    return marksError(env.argv.words.slice(from < 0 ? env.argv.words.length : from), name) ?? named;
  },
  shows(env, object, { kind, name: of }, isOnly) {
    if (!env.argv.flags.has('list')) return undefined;
    const lines = Object.entries(object.metadata?.[field] ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${isOnly ? '' : ' '}${key}=${value}\n`);
    return { out: `${isOnly ? '' : `Listing ${field} for ${kind.kind}.${kind.group}/${of}:\n`}${lines.join('')}` };
  },
  patchOf(env, current) {
    const { set, remove } = marksOf(env.argv.words.filter((w, i) => (i > 0 || env.argv.flags.has('filename')) && isMark(w)));
    const has = current.metadata?.[field] ?? {};
    const clashes = [...set].filter(([key, value]) => Object.hasOwn(has, key) && has[key] !== value);
    if (clashes.length > 0 && !env.argv.flags.has('overwrite')) {
      const error =
        name === 'label'
          ? `error: ${clashes.map(([key]) => `'${key}' already has a value (${has[key]}), and --overwrite is false`).join(', ')}\n`
          : `error: --overwrite is false but found the following declared annotation(s): ${clashes.map(([key]) => `'${key}' already has a value (${has[key]})`).join('; ')}\n`;
      return { error, goesOn: true };
    }
    const lost = remove.filter((key) => !Object.hasOwn(has, key));
    const note = name === 'label' ? lost.map((key) => `label ${JSON.stringify(key)} not found.\n`).join('') : '';
    const gone = remove.filter((key) => Object.hasOwn(has, key));
    const added = [...set].filter(([key, value]) => has[key] !== value);
    const resourceVersion = env.argv.flags.has('list') ? undefined : env.argv.flags.get('resource-version');
    const word = name === 'annotate' ? 'annotated' : labelWord(added.length > 0, gone.length > 0);
    if (gone.length + added.length === 0 && !resourceVersion) return { word, ...(note ? { note } : {}) };
    return {
      body: {
        metadata: {
          ...(resourceVersion ? { resourceVersion } : {}),
          [field]: Object.fromEntries([...added, ...gone.map((key) => [key, null] as const)]),
        },
      },
      contentType: MERGE,
      word,
      ...(note ? { note } : {}),
    };
  },
});

export default [
  scale,
  cordoning('cordon'),
  cordoning('uncordon'),
  patch,
  marking('label', 'labels'),
  marking('annotate', 'annotations'),
].map(patching) satisfies readonly Command[];
