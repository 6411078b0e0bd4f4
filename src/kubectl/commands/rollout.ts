/** kubectl rollout restart, pause and resume. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout, pkg/polymorphichelpers/{objectrestarter,objectpauser,objectresumer}.go (v1.36). Simplified: nothing. */
import { rfc3339 } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import { resourceName } from '../../api/registry.ts';
import type { V1Deployment } from '../../api/schema/kubernetes.ts';
import type { Command, Env } from '../command.ts';
import { MERGE, patching } from '../patching.ts';
import type { Target } from '../targets.ts';

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const isPaused = (object: KubeObject): boolean => (object as V1Deployment).spec?.paused ?? false;
const refused = ({ kind, name }: Target, text: string): { readonly error: string; readonly goesOn: true } => ({
  error: `error: ${resourceName(kind)} ${JSON.stringify(name)} ${text}\n`,
  goesOn: true,
});
const words = ({ argv }: Env): readonly string[] | { readonly error: string } =>
  argv.words.length === 0 && !argv.flags.has('filename') ? { error: 'error: required resource not specified\n' } : argv.words;

const restart = patching({
  name: 'rollout restart',
  words,
  takesAll: true,
  patchOf(env, current, target) {
    if (current.kind !== 'Deployment' && current.kind !== 'DaemonSet') return refused(target, 'restarting is not supported');
    if (isPaused(current)) return refused(target, "can't restart paused deployment (run rollout resume first)");
    const now = rfc3339(env.nowMs);
    if ((current as V1Deployment).spec?.template.metadata?.annotations?.[RESTARTED] === now)
      return {
        error: `error: failed to create patch for ${target.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another\n`,
        goesOn: true,
      };
    return { body: { spec: { template: { metadata: { annotations: { [RESTARTED]: now } } } } }, word: 'restarted' };
  },
});
const pausing = (name: 'pause' | 'resume'): Command =>
  patching({
    name: `rollout ${name}`,
    words,
    takesAll: true,
    patchOf(_env, current, target) {
      if (current.kind !== 'Deployment') return refused(target, `${name === 'pause' ? 'pausing' : 'resuming'} is not supported`);
      if (isPaused(current) === (name === 'pause')) return refused(target, `is ${name === 'pause' ? 'already' : 'not'} paused`);
      return {
        body: { spec: { paused: name === 'pause' ? true : null } },
        contentType: MERGE,
        word: name === 'pause' ? 'paused' : 'resumed',
      };
    },
  });

export default [restart, pausing('pause'), pausing('resume')] satisfies readonly Command[];
