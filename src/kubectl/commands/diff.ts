/** kubectl diff: what apply would change. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go (v1.36), printed by `diff -u -N`. Simplified: no pruning, no server-side apply. */
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import { toYaml } from '../../api/manifest/print.ts';
import { lastAppliedOf, LAST_APPLIED } from '../../api/machinery/patch/apply.ts';
import { UNKNOWN_PATCH } from '../../api/machinery/patch/apply-patch.ts';
import { rfc3339Nano } from '../../api/machinery/time.ts';
import type { V1Secret } from '../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../api/object.ts';
import { fnv1a32 } from '../../lib/hash.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { NO_FILE, sentIn, unreadError, type Sent } from '../files.ts';
import { ownPatch } from '../own-patch.ts';
import { STRATEGIC } from '../patching.ts';
import { pathFor } from '../resources.ts';

/** One object before and after; before: undefined when there is none. */
interface Pair {
  readonly file: string;
  readonly live: KubeObject | undefined;
  readonly merged: KubeObject;
}
interface State {
  readonly sent: readonly Sent[];
  readonly at: number;
  readonly pairs: readonly Pair[];
  readonly live?: KubeObject;
}

const DRY = { dryRun: 'All', fieldManager: 'kubectl-client-side-apply' } as const;
const failed = (err: string): Output => ({ err, exit: 2 });
const ask = ({ kind, object: { metadata } }: Sent): Ask => ({
  tag: 'live',
  request: { method: 'GET', path: pathFor(kind, metadata?.namespace, metadata?.name ?? '') },
});

/** Asks what the server would make of the object. */
function mergedAsk({ kind, object }: Sent, live: KubeObject | undefined): Ask | { readonly why: string } {
  const { namespace, name } = object.metadata ?? {};
  if (!live) return { tag: 'merged', request: { method: 'POST', path: pathFor(kind, namespace), body: object, query: DRY } };
  const made = ownPatch({ original: lastAppliedOf(live), modified: unannotated(object), current: live, model: kind.model });
  if ('why' in made) return made;
  return {
    tag: 'merged',
    request: { method: 'PATCH', path: pathFor(kind, namespace, name), contentType: STRATEGIC, body: made.patch, query: DRY },
  };
}

function unannotated(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _mine, ...annotations } = object.metadata?.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function taken(state: State, sent: Sent, merged: KubeObject, env: Env): Output {
  const {
    kind,
    object: { metadata },
  } = sent;
  const file = [...(kind.group === '' ? [] : [kind.group]), kind.version, kind.kind, metadata?.namespace ?? '', metadata?.name].join('.');
  const pairs = [...state.pairs, { file, live: state.live, merged }];
  const at = state.at + 1;
  return at < state.sent.length
    ? { state: { sent: state.sent, at, pairs } satisfies State, ask: [ask(state.sent[at])] }
    : shown(pairs, env);
}

/** Exit code 1 says that there are differences. */
function shown(pairs: readonly Pair[], { nowMs }: Env): Output {
  const [before, after] = [`/tmp/LIVE-${fnv1a32(`live ${nowMs}`)}`, `/tmp/MERGED-${fnv1a32(`merged ${nowMs}`)}`];
  const time = rfc3339Nano(nowMs, 0).replace('T', ' ').replace('Z', ' +0000');
  const out = [...pairs]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, live, merged }) => {
      const [from, to] = merged.kind === 'Secret' ? masked(live, merged) : [live, merged];
      const patch = structuredPatch(`${before}/${file}`, `${after}/${file}`, from ? toYaml(from) : '', toYaml(to), time, time, {
        context: 3,
      });
      return patch.hunks.length === 0 ? '' : `diff -u -N ${before}/${file} ${after}/${file}\n${formatPatch(patch, FILE_HEADERS_ONLY)}`;
    })
    .join('');
  return { out, exit: out === '' ? 0 : 1 };
}

/** Of a Secret only whether its entries differ is shown. Upstream: Masker. */
function masked(live: V1Secret | undefined, merged: V1Secret): readonly [KubeObject | undefined, KubeObject] {
  const mask = (object: V1Secret, other: V1Secret | undefined, word: string): KubeObject =>
    ({
      ...object,
      data: Object.fromEntries(
        Object.entries(object.data ?? {}).map(([key, value]) => [key, (other?.data?.[key] ?? value) === value ? '***' : `*** (${word})`]),
      ),
    }) as KubeObject;
  return [live && mask(live, merged, 'before'), mask(merged, live, 'after')];
}

export default [
  {
    name: 'diff',
    init(env): Output {
      const { flags, words } = env.argv;
      if (flags.has('force-conflicts') && !flags.has('server-side'))
        return failed('error: --force-conflicts only works with --server-side\n');
      if (!flags.has('filename')) return failed(NO_FILE);
      if (words.length > 0) return failed(`error: Unexpected args: [${words.join(' ')}]\nSee 'kubectl diff -h' for help and examples\n`);
      if (flags.has('server-side')) return failed(`Error from server (UnsupportedMediaType): ${UNKNOWN_PATCH}\n`);
      if (flags.has('prune')) return failed('error: --prune is not simulated\n');
      const { sent, err } = sentIn(env);
      const wrong =
        unreadError(env) ??
        (err || undefined) ??
        (sent.some(({ object }) => !object.metadata?.name) ? 'error: resource name may not be empty\n' : undefined);
      if (wrong !== undefined) return failed(wrong);
      return sent.length === 0 ? { exit: 0 } : { state: { sent, at: 0, pairs: [] } satisfies State, ask: [ask(sent[0])] };
    },
    update(model, { tag, response }, env): Output {
      const state = model as State;
      const sent = state.sent[state.at];
      if (!response) return {};
      const { code, body } = response;
      const isNew = tag === 'live' && code === 404;
      if (code === 0 || (code >= 400 && !isNew)) return failed(serverError(response));
      if (tag === 'merged') return taken(state, sent, body as KubeObject, env);
      const live = isNew ? undefined : (body as KubeObject);
      const merged = mergedAsk(sent, live);
      if ('why' in merged) return failed(`error: ${merged.why}`);
      return { state: { ...state, ...(live ? { live } : {}) } satisfies State, ask: [merged] };
    },
  },
] satisfies readonly Command[];
