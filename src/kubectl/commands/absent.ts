/** Commands over kinds that are not served: the server says so. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/{create,autoscale,certificates,top} (v1.36). Simplified: what would be made is not sent along. */
import { refusal, serverError, still, type Ask, type Command, type Env, type Output } from '../command.ts';
import { getAsk, targetsOf } from '../patching.ts';

interface Absent { readonly kind: string; readonly aliases?: readonly string[]; readonly path: string; readonly refused?: string }
const MAKERS: readonly Absent[] = [
  { kind: 'job', path: '/apis/batch/v1/namespaces/NS/jobs', refused: 'failed to create job: ' }, { kind: 'cronjob', aliases: ['cj'], path: '/apis/batch/v1/namespaces/NS/cronjobs', refused: 'failed to create cronjob: ' }, { kind: 'ingress', aliases: ['ing'], path: '/apis/networking.k8s.io/v1/namespaces/NS/ingresses', refused: 'failed to create ingress: ' },
  { kind: 'poddisruptionbudget', aliases: ['pdb'], path: '/apis/policy/v1/namespaces/NS/poddisruptionbudgets', refused: 'failed to create poddisruptionbudgets: ' }, { kind: 'quota', aliases: ['resourcequota'], path: '/api/v1/namespaces/NS/resourcequotas', refused: 'failed to create quota: ' }, { kind: 'priorityclass', aliases: ['pc'], path: '/apis/scheduling.k8s.io/v1/priorityclasses', refused: 'failed to create priorityclass: ' },
  { kind: 'role', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles' }, { kind: 'clusterrole', path: '/apis/rbac.authorization.k8s.io/v1/clusterroles' }, { kind: 'rolebinding', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings', refused: 'failed to create rolebinding: ' }, { kind: 'clusterrolebinding', path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', refused: 'failed to create clusterrolebinding: ' },
  { kind: 'token', path: '/api/v1/namespaces/NS/serviceaccounts/NAME/token', refused: 'failed to create token: ' },
];

const postAsk = (path: string, env: Env): Ask => ({ tag: 'made', request: { method: 'POST', path: path.replace('NS', env.namespace).replace('NAME', env.argv.words[0] ?? ''), body: {} } });

const maker = ({ kind, aliases = [], path, refused }: Absent): Command => ({
  name: `create ${kind}`, aliases: aliases.map((alias) => `create ${alias}`),
  init: (env) => (env.argv.words.length === 1 ? { ask: [postAsk(path, env)] } : { err: `error: exactly one NAME is required, got ${env.argv.words.length}\nSee 'kubectl create ${kind} -h' for help and examples\n`, exit: 1 }),
  update: (_state, { response }) => (response ? { err: refusal(response, refused), exit: 1 } : {}),
});

const DEPRECATED = "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n";
const autoscale: Command = {
  name: 'autoscale',
  init(env): Output {
    if (!env.argv.flags.has('max')) return { err: 'error: required flag(s) "max" not set\n', exit: 1 };
    const targets = targetsOf(env, env.argv.words);
    return 'exit' in targets ? targets : { ask: getAsk(targets[0]) ?? [] };
  },
  update(_state, { tag, response }, env) {
    const cpu = env.argv.flags.get('cpu') ?? '';
    const isOld = cpu.endsWith('%') && !env.argv.flags.has('memory');
    if (tag === 'get' && response?.code === 200) return { ...(env.argv.flags.has('cpu-percent') ? { said: DEPRECATED } : {}), ask: [postAsk('/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers', env)] };
    return { err: tag === 'made' && response?.code === 404 && !isOld ? `error: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${cpu === '' ? 'empty input' : '%!w(<nil>)'}\n` : serverError(response), exit: 1 };
  },
};

const refusing = (names: readonly string[], err: string): readonly Command[] => names.map((name) => still(name, () => ({ err, exit: 1 })));

export default [
  ...MAKERS.map(maker), autoscale, ...refusing(['top pod', 'top pods', 'top po', 'top node', 'top nodes', 'top no'], 'error: Metrics API not available\n'),
  ...refusing(['certificate approve', 'certificate deny'], 'error: the server doesn\'t have a resource type "certificatesigningrequests"\n'), ...refusing(['set subject'], 'error: the server doesn\'t have a resource type "rolebinding"\n'),
] satisfies readonly Command[];
