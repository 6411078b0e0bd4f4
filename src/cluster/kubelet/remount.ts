/**
 * What is mounted follows its ConfigMaps, its Secrets and the pod's own fields while the pod runs.
 * Upstream: pkg/kubelet/kubelet.go SyncFrequency (1 min, and up to half as much more), pkg/volume/util/atomic_writer.go (v1.36).
 * Simplified: the objects are read again at that moment, where upstream watches them; each container is told of the files that changed. A subPath keeps what it has, as upstream.
 */
import { allContainers } from '../../api/pods/containers.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { withEntry } from '../../lib/persistent.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import type { FilesWritten } from '../runtime/shared-files.ts';
import type { FileChange } from '../runtime/shell/files.ts';
import { mountedFiles, placeOf } from './downward.ts';
import { isRunning, recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { entriesOf, isOptionalMount, mountedReferences } from './references.ts';
import { addresseeOf, workerFor, type Addressee } from './worker-calls.ts';

export interface RemountTimer {
  readonly remount: string;
  readonly sandbox: string;
}
interface Then extends Addressee {
  readonly remounted: string;
}
const SYNC_US = 60_000_000;

const hasOwnFields = (pod: V1Pod): boolean =>
  (pod.spec?.volumes ?? []).some(
    (v) =>
      v.downwardAPI ??
      v.projected?.sources?.some((s) =>
        s.downwardAPI?.items?.some((i) => /^metadata\.(labels|annotations)/.test(i.fieldRef?.fieldPath ?? '')),
      ),
  );

/** Looks again in a while, for as long as this sandbox is there. */
export function beginRemounting(ctx: Context, worker: PodWorker): void {
  if (!worker.sandbox || (mountedReferences(worker.pod).length === 0 && !hasOwnFields(worker.pod))) return;
  ctx.wake(
    SYNC_US + ctx.draw(`remount/${worker.key}`).below(SYNC_US / 2),
    { remount: worker.key, sandbox: worker.sandbox.id } satisfies RemountTimer,
    true,
  );
}

export function remount(state: KubeletState, { remount: key, sandbox }: RemountTimer, ctx: Context): void {
  const worker = state.workers.get(key);
  if (!worker?.sandbox?.isReady || worker.sandbox.id !== sandbox || worker.isTerminating) return;
  for (const reference of mountedReferences(worker.pod)) {
    const [plural, name] = reference.split('/');
    callApi(
      ctx,
      state.endpoint,
      { method: 'GET', path: `/api/v1/namespaces/${worker.pod.metadata?.namespace}/${plural}/${name}` },
      { remounted: reference, ...addresseeOf(worker) } satisfies Then,
      { background: true },
    );
  }
  tellFiles(state, worker, ctx);
  beginRemounting(ctx, worker);
}

export function remountAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('remounted' in then)) return false;
  const { remounted } = then as Then;
  const worker = workerFor(state, then as Then);
  const { code, body } = responseOf(answer);
  // What is gone stays as it was shown last, unless it may be missing.
  if (!worker || (code !== 200 && !(code === 404 && isOptionalMount(worker.pod, remounted)))) return true;
  const entries = code === 404 ? null : entriesOf(body as Parameters<typeof entriesOf>[0]);
  if (sameJson(entries, worker.shown.get(remounted) ?? null)) return true;
  worker.shown = withEntry(worker.shown, remounted, entries);
  tellFiles(state, worker, ctx);
  return true;
}

/** Every container that runs learns which of its files are new, changed or gone; not before all that its volumes show is known. */
function tellFiles(state: KubeletState, worker: PodWorker, ctx: Context): void {
  if (mountedReferences(worker.pod).some((reference) => !worker.shown.has(reference))) return;
  for (const container of allContainers(worker.pod)) {
    const record = recordOf(worker, container.name);
    if (!record.current || !isRunning(record)) continue;
    const was = worker.mounted.get(record.current.id) ?? record.current.spec.files ?? {};
    const whole = {
      ...container,
      volumeMounts: (container.volumeMounts ?? []).filter((m) => m.subPath === undefined && m.subPathExpr === undefined),
    };
    const kept = Object.fromEntries(
      (container.volumeMounts ?? []).flatMap(({ subPath, subPathExpr, mountPath }) =>
        (subPath ?? subPathExpr) === undefined || was[mountPath] === undefined ? [] : [[mountPath, was[mountPath]] as const],
      ),
    );
    const now = { ...mountedFiles(whole, worker.shown, placeOf(state, worker)), ...kept };
    const changes: readonly FileChange[] = [...new Set([...Object.keys(was), ...Object.keys(now)])]
      .filter((path) => was[path] !== now[path])
      .map((path) => ({ path, text: now[path] ?? null }));
    if (changes.length === 0) continue;
    ctx.toForeground();
    ctx.note({
      says: 'kubelet/remounted',
      about: `pods/${worker.key}`,
      with: { pod: worker.pod.metadata?.name, machine: state.config.machine, container: container.name, files: changes.map((c) => c.path) },
    });
    worker.mounted = withEntry(worker.mounted, record.current.id, now);
    ctx.send(record.current.address, { protocol: 'files', changes } satisfies FilesWritten);
  }
}
