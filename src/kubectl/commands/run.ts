/** kubectl run. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go (v1.36). Simplified: nothing can be typed. */
import type { KubeObject } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { halves } from '../argv.ts';
import { attachedUpdate, isAttached, runAttached } from '../attaching.ts';
import type { Command, Env } from '../command.ts';
import { requiredError } from '../flag-values.ts';
import { isDry } from '../result.ts';
import { labelsOf, made, overridden, pairsIn, partsError, submit, type Made } from '../making.ts';

/** Upstream: github.com/distribution/reference Parse. */
const isImage = (image: string): boolean =>
  /^\w[\w.\-:/@+[\]]*$/.test(image) && !/^[^@:]*[A-Z]/.test(image.replace(/^[^/]*[.:][^/]*\//, ''));

/** The Service of --expose: it selects what the pod is labelled with. */
function serviceOf({ metadata }: V1Pod, env: Env): KubeObject {
  const port = Number(env.argv.flags.get('port'));
  const labels = labelsOf(env);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: metadata?.name ?? '', ...(labels ? { labels } : {}) },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: metadata?.labels },
  } as KubeObject;
}

export default [
  {
    name: 'run',
    update: (model, told, env) => (isAttached(model) ? attachedUpdate : made)(model, told, env),
    init(env) {
      const { flags, words, rest, all } = env.argv;
      const [name] = words;
      const missing = requiredError(env.argv, 'image');
      if (missing !== undefined) return { err: missing, exit: 1 };
      if (name === undefined) return { err: "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n", exit: 1 };
      const image = flags.get('image') ?? '';
      if (!isImage(image)) return { err: `error: Invalid image name ${JSON.stringify(image)}: invalid reference format\n`, exit: 1 };
      const attaches = flags.has('attach') ? flags.get('attach') !== 'false' : flags.has('stdin');
      const wrong =
        flags.has('tty') && !flags.has('stdin')
          ? 'error: -i/--stdin is required for containers with -t/--tty=true'
          : (attaches || flags.has('tty')) && isDry(env)
            ? "error: --dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"
            : flags.has('rm') && !attaches
              ? 'error: --rm should only be used for attached containers'
              : undefined;
      if (wrong !== undefined) return { err: `${wrong}\nSee 'kubectl run -h' for help and examples\n`, exit: 1 };
      const restartPolicy = flags.get('restart') ?? 'Always';
      if (!['Always', 'OnFailure', 'Never'].includes(restartPolicy))
        return { err: `error: invalid restart policy: ${restartPolicy}\nSee 'kubectl run -h' for help and examples\n`, exit: 1 };
      const [pull, bare] = [flags.get('image-pull-policy') ?? 'Always', (all.get('env') ?? []).find((e) => e.indexOf('=') < 1)];
      if (!['Always', 'IfNotPresent', 'Never'].includes(pull))
        return { err: `error: invalid image pull policy: ${pull}\nSee 'kubectl run -h' for help and examples\n`, exit: 1 };
      const odd = bare === undefined ? partsError(env) : `error: invalid env: ${bare}\n`;
      if (odd !== undefined) return { err: odd, exit: 1 };
      const annotations = all.has('annotations') ? pairsIn((all.get('annotations') ?? []).join(',')) : undefined;
      const args = rest ?? words.slice(1);
      const labels = labelsOf(env) ?? { run: name };
      const exposes = flags.get('expose') === 'true';
      if (exposes && !flags.has('port'))
        return { err: "error: --port must be set when exposing a service\nSee 'kubectl run -h' for help and examples\n", exit: 1 };
      const env_ = (all.get('env') ?? []).map(halves).map(([key, value]) => ({ name: key, value }));
      const pod: V1Pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels, ...(annotations ? { annotations } : {}) },
        spec: {
          containers: [
            {
              name,
              image: flags.get('image') ?? '',
              ...(flags.has('stdin') ? { stdin: true, ...(flags.has('leave-stdin-open') ? {} : { stdinOnce: true }) } : {}),
              ...(flags.has('tty') ? { tty: true } : {}),
              resources: {},
              ...(flags.has('privileged') ? { securityContext: { privileged: true } } : {}),
              ...(flags.has('image-pull-policy') ? { imagePullPolicy: flags.get('image-pull-policy') ?? '' } : {}),
              ...(env_.length > 0 ? { env: env_ } : {}),
              ...(args.length === 0 ? {} : flags.has('command') ? { command: args } : { args }),
              ...(flags.has('port') ? { ports: [{ containerPort: Number(flags.get('port')) }] } : {}),
            },
          ],
          dnsPolicy: 'ClusterFirst',
          restartPolicy,
        },
      };
      const object = overridden<Made>(pod, env);
      const objects = exposes ? [object, serviceOf(pod, env)] : [object];
      return attaches ? runAttached(objects, env) : submit(objects, env);
    },
  },
] satisfies readonly Command[];
