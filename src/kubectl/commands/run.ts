/** kubectl run. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go (v1.36). Simplified: nothing is attached; no overrides. */
import type { KubeObject } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Command, Env } from '../command.ts';
import { labelsOf, made, submit } from '../making.ts';

/** The Service of --expose: it selects what the pod is labelled with. */
function serviceOf({ metadata }: V1Pod, env: Env): KubeObject {
  const port = Number(env.argv.flags.get('port'));
  const labels = labelsOf(env);
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: metadata?.name ?? '', ...(labels ? { labels } : {}) }, spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: metadata?.labels } } as KubeObject;
}

export default [{
  name: 'run', update: made,
  init(env) {
    const { flags, words, rest, all } = env.argv;
    const [name] = words;
    if (name === undefined) return { err: "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n", exit: 1 };
    if (!flags.has('image')) return { err: 'error: --image is required\n', exit: 1 };
    const attaches = flags.has('attach') ? flags.get('attach') !== 'false' : flags.has('stdin');
    const wrong = flags.has('tty') && !flags.has('stdin') ? 'error: -i/--stdin is required for containers with -t/--tty=true' : flags.has('rm') && !attaches ? 'error: --rm should only be used for attached containers' : undefined;
    if (wrong !== undefined) return { err: `${wrong}\nSee 'kubectl run -h' for help and examples\n`, exit: 1 };
    const restartPolicy = flags.get('restart') ?? 'Always';
    if (!['Always', 'OnFailure', 'Never'].includes(restartPolicy)) return { err: `error: invalid restart policy: ${restartPolicy}\n`, exit: 1 };
    const args = rest ?? words.slice(1);
    const labels = labelsOf(env) ?? { run: name };
    const exposes = flags.get('expose') === 'true';
    if (exposes && !flags.has('port')) return { err: "error: --port must be set when exposing a service\nSee 'kubectl run -h' for help and examples\n", exit: 1 };
    const env_ = (all.get('env') ?? []).map((e) => ({ name: e.slice(0, e.indexOf('=')), value: e.slice(e.indexOf('=') + 1) }));
    const pod: V1Pod = {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, labels },
      spec: { containers: [{ name, image: flags.get('image') ?? '', resources: {}, ...(flags.has('image-pull-policy') ? { imagePullPolicy: flags.get('image-pull-policy') ?? '' } : {}), ...(env_.length > 0 ? { env: env_ } : {}), ...(args.length === 0 ? {} : flags.has('command') ? { command: args } : { args }), ...(flags.has('port') ? { ports: [{ containerPort: Number(flags.get('port')) }] } : {}) }], dnsPolicy: 'ClusterFirst', restartPolicy },
    };
    const output = submit(exposes ? [pod, serviceOf(pod, env)] : [pod], env);
    return attaches ? { ...output, said: `Warning: attaching is not simulated: nothing is typed into the container, its output is in its logs${flags.has('rm') ? ', and --rm does not delete the pod' : ''}\n` } : output;
  },
}] satisfies readonly Command[];
