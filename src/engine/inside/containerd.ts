import type { containerd } from '../../cluster/runtime/containerd.ts';
import { table } from '../../story/inside.ts';
import { megabytes, seconds, type InsideOf, type StateOf } from './inside-of.ts';

/** The newest first, as crictl lists them. */
const newestFirst = <V>(made: Iterable<V>): readonly V[] => [...made].reverse();

export default {
  role: 'containerd',
  look({ disk, pulls }, now) {
    return {
      facts: [
        ['sandboxes', String(disk.sandboxes.size)],
        ['containers', String(disk.containers.size)],
        ['images', String(disk.images.size)],
      ],
      tables: [
        table(
          'sandboxes',
          ['pod', 'state', 'ip', 'id'],
          newestFirst(disk.sandboxes.values()).map((s) => [
            `${s.pod.namespace}/${s.pod.name}`,
            s.isReady ? 'ready' : 'not ready',
            s.hostNetwork ? 'machine’s' : s.ip,
            s.id.slice(0, 12),
          ]),
        ),
        table(
          'containers',
          ['pod', 'container', 'state', 'image'],
          newestFirst(disk.containers.values()).map((c) => [
            `${c.pod.namespace}/${c.pod.name}`,
            `${c.name}${c.attempt > 0 ? ` #${c.attempt + 1}` : ''}`,
            c.state === 'EXITED' ? `exited ${c.exitCode}` : c.state.toLowerCase(),
            c.image,
          ]),
        ),
        table(
          'pulls',
          ['image', 'for'],
          [...pulls].map(([image, p]) => [image, seconds(now - p.since)]),
        ),
        table(
          'images',
          ['image', 'size'],
          [...disk.images].map(([name, image]) => [name, megabytes(image.sizeBytes)]),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof containerd>>;
