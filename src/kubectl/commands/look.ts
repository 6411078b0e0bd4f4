/** kubectl rollout status, logs, describe, version, api-resources. Upstream: staging/src/k8s.io/kubectl/pkg/{cmd,polymorphichelpers,describe} (v1.36). */
import { kinds, apiVersionOf } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event, V1Deployment, V1DaemonSet } from '../../api/schema/kubernetes.ts';
import { textTable } from '../../lib/text-table.ts';
import { serverError, type Command } from '../command.ts';
import { describe } from '../describe.ts';
import { pathFor, resolve, type Named } from '../resources.ts';

/** The line that rollout status prints, and whether it is the last one. Upstream: polymorphichelpers/rollout_status.go. */
export function rolloutLine(object: KubeObject): { readonly text: string; readonly done: boolean; readonly failed?: true } {
  const name = object.metadata?.name ?? '';
  if (object.kind === 'DaemonSet') {
    const { status, metadata } = object as V1DaemonSet;
    if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for daemon set spec update to be observed...\n', done: false };
    if ((status?.updatedNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0)) return { text: `Waiting for daemon set "${name}" rollout to finish: ${status?.updatedNumberScheduled ?? 0} out of ${status?.desiredNumberScheduled} new pods have been updated...\n`, done: false };
    if ((status?.numberAvailable ?? 0) < (status?.desiredNumberScheduled ?? 0)) return { text: `Waiting for daemon set "${name}" rollout to finish: ${status?.numberAvailable ?? 0} of ${status?.desiredNumberScheduled} updated pods are available...\n`, done: false };
    return { text: `daemon set "${name}" successfully rolled out\n`, done: true };
  }
  const { spec, status, metadata } = object as V1Deployment;
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for deployment spec update to be observed...\n', done: false };
  const progressing = status?.conditions?.find((c) => c.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return { text: `error: deployment "${name}" exceeded its progress deadline\n`, done: true, failed: true };
  const [want, updated, total, available] = [spec?.replicas ?? 1, status?.updatedReplicas ?? 0, status?.replicas ?? 0, status?.availableReplicas ?? 0];
  if (updated < want) return { text: `Waiting for deployment "${name}" rollout to finish: ${updated} out of ${want} new replicas have been updated...\n`, done: false };
  if (total > updated) return { text: `Waiting for deployment "${name}" rollout to finish: ${total - updated} old replicas are pending termination...\n`, done: false };
  if (available < updated) return { text: `Waiting for deployment "${name}" rollout to finish: ${available} of ${updated} updated replicas are available...\n`, done: false };
  return { text: `deployment "${name}" successfully rolled out\n`, done: true };
}

interface RolloutState { readonly target: Named; readonly last: string }
const rolloutStatus: Command = {
  name: 'rollout status',
  init(env) {
    const found = resolve(env.argv.words);
    if (typeof found === 'string') return { err: found, exit: 1 };
    return { state: { target: found[0], last: '' } satisfies RolloutState, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(found[0].kind, env.namespace, found[0].name) } }] };
  },
  update(model, told, env) {
    const state = model as RolloutState;
    if (told.response && told.response.code !== 200) return { err: serverError(told.response), exit: 1 };
    const object = told.event?.object ?? (told.response?.body as KubeObject | undefined);
    if (!object) return {};
    const { text, done, failed } = rolloutLine(object);
    if (failed) return { err: text, exit: 1 };
    const out = text === state.last ? '' : text;
    if (done) return { out, exit: 0 };
    const next = { ...state, last: text } satisfies RolloutState;
    if (told.event) return { out, state: next };
    return { out, state: next, ask: [{ tag: 'watch', isWatch: true, request: { method: 'GET', path: pathFor(state.target.kind, env.namespace), query: { watch: '1', fieldSelector: `metadata.name=${state.target.name}`, resourceVersion: object.metadata?.resourceVersion ?? '' } } }] };
  },
};

const logs: Command = {
  name: 'logs',
  init(env) {
    const [word, second] = env.argv.words;
    if (!word) return { err: "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n", exit: 1 };
    const name = word.replace(/^pods?\//, '');
    const container = env.argv.flags.get('container') ?? second;
    const query = { ...(container ? { container } : {}), ...(env.argv.flags.has('previous') ? { previous: 'true' } : {}), ...(env.argv.flags.has('tail') ? { tailLines: env.argv.flags.get('tail') ?? '' } : {}) };
    return { ask: [{ tag: 'log', request: { method: 'GET', path: `/api/v1/namespaces/${env.namespace}/pods/${name}/log`, query } }] };
  },
  update: (_state, told) => (told.response?.code === 200 ? { out: String(told.response.body ?? ''), exit: 0 } : { err: serverError(told.response), exit: 1 }),
};

interface DescribeState { readonly wanted: readonly Named[]; readonly object?: KubeObject }
const describeCommand: Command = {
  name: 'describe',
  init(env) {
    const wanted = resolve(env.argv.words);
    if (typeof wanted === 'string') return { err: wanted, exit: 1 };
    return { state: { wanted } satisfies DescribeState, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(wanted[0].kind, env.namespace, wanted[0].name) } }] };
  },
  update(model, told, env) {
    const state = model as DescribeState;
    if (told.response?.code !== 200) return { err: serverError(told.response), exit: 1 };
    if (told.tag === 'get') {
      const body = told.response.body as KubeObject & { readonly items?: readonly KubeObject[] };
      const object = body.items ? body.items[0] : body;
      if (!object) return { err: `No resources found in ${env.namespace} namespace.\n`, exit: 0 };
      return { state: { ...state, object } satisfies DescribeState, ask: [{ tag: 'events', request: { method: 'GET', path: object.metadata?.namespace ? `/api/v1/namespaces/${object.metadata.namespace}/events` : '/api/v1/events', query: { fieldSelector: `involvedObject.name=${object.metadata?.name},involvedObject.kind=${object.kind}` } } }] };
    }
    const events = (told.response.body as { readonly items?: readonly CoreV1Event[] }).items ?? [];
    return { out: state.object ? describe(state.object, events, env.nowMs) : '', exit: 0 };
  },
};

const version: Command = {
  name: 'version',
  init: () => ({ ask: [{ tag: 'version', request: { method: 'GET', path: '/version' } }] }),
  update: (_s, told) => (told.response?.code === 200 ? { out: `Client Version: v1.36.0\nKustomize Version: v5.7.1\nServer Version: ${(told.response.body as { readonly gitVersion?: string }).gitVersion}\n`, exit: 0 } : { out: 'Client Version: v1.36.0\nKustomize Version: v5.7.1\n', err: serverError(told.response), exit: 1 }),
};

const apiResources: Command = {
  name: 'api-resources',
  init: () => ({ out: textTable([['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...[...kinds].sort((a, b) => (a.group + a.plural < b.group + b.plural ? -1 : 1)).map((k) => [k.plural, k.shortNames.join(','), apiVersionOf(k), String(k.namespaced), k.kind])]), exit: 0 }),
  update: () => ({}),
};

export default [rolloutStatus, logs, describeCommand, version, apiResources] satisfies readonly Command[];
