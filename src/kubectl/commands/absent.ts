/** Commands over kinds that are not served: the server says so. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/{create,certificates,top} (v1.36). */
import { refusal, serverError, still, type Ask, type Command, type Env, type Output } from '../command.ts';
import { ABSENT } from '../absent-objects.ts';
import { nameError } from '../making.ts';
import { noSuchType } from '../resources.ts';
import { isClientDry, resultText } from '../result.ts';

interface Absent {
  readonly kind: string;
  readonly aliases?: readonly string[];
  readonly path: string;
  readonly refused?: string;
}
const MAKERS: readonly Absent[] = [
  { kind: 'job', path: '/apis/batch/v1/namespaces/NS/jobs', refused: 'failed to create job: ' },
  { kind: 'cronjob', aliases: ['cj'], path: '/apis/batch/v1/namespaces/NS/cronjobs', refused: 'failed to create cronjob: ' },
  { kind: 'ingress', aliases: ['ing'], path: '/apis/networking.k8s.io/v1/namespaces/NS/ingresses', refused: 'failed to create ingress: ' },
  {
    kind: 'poddisruptionbudget',
    aliases: ['pdb'],
    path: '/apis/policy/v1/namespaces/NS/poddisruptionbudgets',
    refused: 'failed to create poddisruptionbudgets: ',
  },
  { kind: 'quota', aliases: ['resourcequota'], path: '/api/v1/namespaces/NS/resourcequotas', refused: 'failed to create quota: ' },
  {
    kind: 'priorityclass',
    aliases: ['pc'],
    path: '/apis/scheduling.k8s.io/v1/priorityclasses',
    refused: 'failed to create priorityclass: ',
  },
  { kind: 'role', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles' },
  { kind: 'clusterrole', path: '/apis/rbac.authorization.k8s.io/v1/clusterroles' },
  { kind: 'rolebinding', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings', refused: 'failed to create rolebinding: ' },
  {
    kind: 'clusterrolebinding',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    refused: 'failed to create clusterrolebinding: ',
  },
];

const postAsk = (path: string, env: Env, body: object): Ask => ({
  tag: 'made',
  request: { method: 'POST', path: path.replace('NS', env.namespace), body },
});

/** What the flags say is shown, or sent to be refused. */
function begun({ kind, path }: Absent, env: Env): Output {
  const name = env.argv.words[0];
  const made = ABSENT[kind](env, name);
  if ('error' in made) return { err: made.error, exit: 1 };
  const { metadata } = made.object;
  const object =
    path.includes('NS') && env.argv.flags.has('namespace')
      ? { ...made.object, metadata: { ...(metadata as object), namespace: env.namespace } }
      : made.object;
  const said = made.said ?? '';
  if (!isClientDry(env)) return { said, ask: [postAsk(path, env, object)] };
  const [group] = String(object.apiVersion).split('/');
  return {
    said,
    out: resultText(env, {
      name: `${String(object.kind).toLowerCase()}${group === 'v1' ? '' : `.${group}`}/${name}`,
      word: 'created',
      object,
    }),
    exit: 0,
  };
}

const maker = (absent: Absent): Command => {
  const { kind, aliases = [], refused } = absent;
  const name = `create ${kind}`;
  return {
    name,
    aliases: aliases.map((alias) => `create ${alias}`),
    init: (env) => {
      const err = nameError(env, name);
      return err === undefined ? begun(absent, env) : { err, exit: 1 };
    },
    update: (_state, { response }) => (response ? { err: refusal(response, refused), exit: 1 } : {}),
  };
};

/** Upstream: TopPodOptions and TopNodeOptions Complete, Validate. */
function topError(name: string, { argv: { flags, words } }: Env): string | undefined {
  const isPod = name === 'top pod';
  if (words.length > 1) return `${name.slice(4)} [NAME | -l label]\nSee 'kubectl ${name} -h' for help and examples`;
  if (!['', 'cpu', 'memory'].includes(flags.get('sort-by') ?? '')) return '--sort-by accepts only cpu or memory';
  return words.length > 0 && (flags.has('selector') || flags.has('field-selector'))
    ? `only one of NAME or ${isPod ? '' : '--'}selector can be provided`
    : undefined;
}

/** It asks which groups there are: that of the metrics server, metrics.k8s.io, is not among them. */
const top = (name: string, aliases: readonly string[]): Command => ({
  name,
  aliases,
  init: (env) => {
    const wrong = topError(name, env);
    return wrong === undefined
      ? { ask: [{ tag: 'groups', request: { method: 'GET', path: '/apis' } }] }
      : { err: `error: ${wrong}\n`, exit: 1 };
  },
  update: (_state, { response }) =>
    response ? { err: response.code === 200 ? 'error: Metrics API not available\n' : serverError(response), exit: 1 } : {},
});

export default [
  ...MAKERS.map(maker),
  top('top pod', ['top pods', 'top po']),
  top('top node', ['top nodes', 'top no']),
  ...['certificate approve', 'certificate deny'].map((name) =>
    still(name, ({ argv }) => ({
      err: `error: ${argv.words.length === 0 ? 'one or more CSRs must be specified as <name> or -f <filename>' : noSuchType('certificatesigningrequests')}\n`,
      exit: 1,
    })),
  ),
  still('set subject', () => ({ err: `error: ${noSuchType('rolebinding')}\n`, exit: 1 })),
] satisfies readonly Command[];
