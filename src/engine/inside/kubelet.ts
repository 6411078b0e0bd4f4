import type { KubeletState } from '../../cluster/kubelet/kubelet-state.ts';
import { restartAt } from '../../cluster/kubelet/back-off.ts';
import type { PodWorker } from '../../cluster/kubelet/known.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf } from './inside-of.ts';

const phaseOf = (w: PodWorker): string =>
  w.isFinished ? 'finished' : w.isTerminating ? 'terminating' : w.busy > 0 ? 'working' : 'in sync';

export default {
  role: 'kubelet',
  look(state, now) {
    const workers = [...state.workers.values()];
    return {
      facts: [
        ['registered', state.isRegistered ? 'yes' : 'no'],
        ['network', state.isNetworkReady ? 'ready' : 'cni plugin not initialized'],
        ['pods', String(workers.length)],
      ],
      tables: [
        table(
          'workers',
          ['pod', 'worker', 'sandbox', 'source'],
          workers.map((w) => [
            w.key,
            phaseOf(w),
            w.sandbox ? `${w.sandbox.ip}${w.sandbox.isReady ? '' : ' not ready'}` : (w.sandboxError ?? 'none yet'),
            w.isStatic ? 'static file' : 'apiserver',
          ]),
        ),
        table(
          'containers',
          ['pod', 'container', 'state', 'starts'],
          workers.flatMap((w) =>
            [...w.containers].map(([name, c]) => [
              w.key,
              name,
              w.reasons.get(name)?.reason ?? c.current?.state.toLowerCase() ?? (c.hasImage ? 'image here' : 'no image'),
              String(c.attempts),
            ]),
          ),
        ),
        table(
          'probes',
          ['pod', 'probe', 'result', 'runs'],
          workers.flatMap((w) =>
            [...w.probes].map(([name, p]) => [
              w.key,
              name,
              p.isOk === undefined ? 'no result yet' : p.isOk ? 'ok' : `failed ${p.failures}×`,
              String(p.runs),
            ]),
          ),
        ),
        table(
          'back-off',
          ['pod', 'container', 'again in', 'wait'],
          workers.flatMap((w) => [
            ...[...w.waits]
              .filter(([, b]) => b.until > now)
              .map(([name, b]) => [w.key, name || 'sandbox', seconds(b.until - now), seconds(b.delayUs)]),
            ...[...w.backoff].flatMap(([name, b]) => {
              const at = restartAt(b, w.containers.get(name)?.current?.finishedAt ?? 0);
              return at > now ? [[w.key, name, seconds(at - now), seconds(b.delayUs)]] : [];
            }),
          ]),
        ),
        table(
          'pleg',
          ['event', 'container'],
          [
            ...state.pleg.map((e) => [e.type, e.state ? `${e.state.pod.name}/${e.state.name}` : e.sandbox.slice(0, 12)]),
            ...[...state.unseen].map((key) => ['to look at', key]),
          ],
        ),
      ],
    };
  },
} satisfies InsideOf<KubeletState>;
