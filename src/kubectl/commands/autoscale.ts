/** kubectl autoscale. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go (v1.36). Simplified: the server has no autoscalers, and says so. */
import { apiVersionOf } from '../../api/registry.ts';
import { isQuantity } from '../../api/machinery/quantity.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { requiredError } from '../flag-values.ts';
import { getAsk, targetsOf, type Target } from '../targets.ts';
import { NO_NAME } from '../resources.ts';
import { isClientDry, resultText } from '../result.ts';

/** What one metric aims at; undefined when the text is no amount. */
function aimOf(text: string, unit: string): object | undefined {
  const [, percent] = /^(\d+)%$/.exec(text) ?? [];
  if (percent !== undefined) return { type: 'Utilization', averageUtilization: Number(percent) };
  const amount = /^\d+(?:\.\d+)?$/.test(text) ? `${text}${unit}` : text;
  return isQuantity(amount) ? { type: 'AverageValue', averageValue: amount } : undefined;
}

interface Aims {
  readonly metrics: readonly object[];
  readonly error?: string;
}
function aims({ argv: { flags } }: Env): Aims {
  const percent = Number(flags.get('cpu-percent') ?? -1);
  const asked = [
    ['cpu', percent > 0 ? `${percent}%` : (flags.get('cpu') ?? ''), 'm'],
    ['memory', flags.get('memory') ?? '', 'Mi'],
  ].filter(([, text]) => text !== '');
  const found = asked.map(([name, text, unit]) => ({ name, text, target: aimOf(text.trim(), unit) }));
  const bad = found.find(({ target }) => target === undefined);
  return {
    metrics: found.map(({ name, target }) => ({ type: 'Resource', resource: { name, target } })),
    ...(bad ? { error: `error: invalid resource ${bad.name} value: ${bad.text}\n` } : {}),
  };
}

function usageError(env: Env): string | undefined {
  const { flags } = env.argv;
  const missing = requiredError(env.argv, 'max');
  if (missing !== undefined) return missing;
  const [max, min] = [Number(flags.get('max')), Number(flags.get('min') ?? -1)];
  if (max < 1) return `error: --max=MAXPODS is required and must be at least 1, max: ${max}\n`;
  if (max < min) return `error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}\n`;
  if (Number(flags.get('cpu-percent') ?? -1) > 0 && flags.has('cpu')) return 'error: --cpu-percent and --cpu are mutually exclusive\n';
  return aims(env).error;
}

function autoscaler({ kind, name = '' }: Target, env: Env): object {
  const { flags } = env.argv;
  const [min, { metrics }] = [Number(flags.get('min') ?? -1), aims(env)];
  const metadata = { name: flags.get('name') || name, ...(flags.has('namespace') ? { namespace: env.namespace } : {}) };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      maxReplicas: Number(flags.get('max')),
      ...(metrics.length > 0 ? { metrics } : {}),
      ...(min > 0 ? { minReplicas: min } : {}),
      scaleTargetRef: { apiVersion: apiVersionOf(kind), kind: kind.kind, name },
    },
    status: { currentMetrics: null, desiredReplicas: 0 },
  };
}

/** Why autoscaling/v1 cannot have it either. Upstream: canCreateHPAV1. */
function refused({ argv: { flags } }: Env, response: Parameters<typeof serverError>[0]): string {
  const cpu = flags.get('cpu') ?? '';
  const isOld = cpu.endsWith('%') && !flags.has('memory');
  return isOld
    ? serverError(response)
    : `error: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${cpu === '' ? 'empty input' : '%!w(<nil>)'}\n`;
}

export default [
  {
    name: 'autoscale',
    init(env): Output {
      const wrong = usageError(env);
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const targets = targetsOf(env, env.argv.words);
      if ('exit' in targets) return targets;
      const [target] = targets;
      if (target.name === undefined) return { err: NO_NAME, exit: 1 };
      return { state: target, ask: getAsk(target) ?? [] };
    },
    update(state, { tag, response }, env) {
      const target = state as Target;
      const { kind } = target;
      if (tag === 'made' || response?.code !== 200)
        return { err: tag === 'made' && response?.code === 404 ? refused(env, response) : serverError(response), exit: 1 };
      if (!SCALED.includes(kind.kind))
        return {
          err: `error: cannot autoscale a ${kind.kind}: could not find scale subresource for ${kind.group}/${kind.version}, Resource=${kind.plural} in discovery information\n`,
          exit: 1,
        };
      const object = autoscaler(target, env);
      if (isClientDry(env))
        return {
          out: resultText(env, {
            name: `horizontalpodautoscaler.autoscaling/${env.argv.flags.get('name') || target.name}`,
            word: 'created',
            object,
          }),
          exit: 0,
        };
      return {
        state,
        ask: [
          {
            tag: 'made',
            request: { method: 'POST', path: `/apis/autoscaling/v2/namespaces/${env.namespace}/horizontalpodautoscalers`, body: object },
          },
        ],
      };
    },
  },
] satisfies readonly Command[];
const SCALED: readonly string[] = ['Deployment', 'ReplicaSet'];
