/** kubectl set image. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go (v1.36). */
import { halves } from '../argv.ts';
import type { Command } from '../command.ts';
import { patching } from '../patching.ts';
import { containersOf, containersPatch, noTemplate, podSpecOf } from '../pod-template.ts';

const isPair = (word: string): boolean => word.includes('=');

export default [
  patching({
    name: 'set image',
    readsFirst: true,
    refused: 'failed to patch image update to pod template: ',
    words({ argv: { words } }) {
      const first = words.findIndex(isPair);
      const late = first < 0 ? undefined : words.slice(first).find((w) => !isPair(w));
      if (late !== undefined) return { error: `error: all resources must be specified before image changes: ${late}\n` };
      if (first < 0 && words.length > 1 && words[0].includes('/')) return words;
      return first < 0 && words.length > 0
        ? { error: 'error: at least one image update is required\n' }
        : words.slice(0, first < 0 ? 0 : first);
    },
    patchOf({ argv }, current, target) {
      const spec = podSpecOf(current);
      if (!spec) return noTemplate(target);
      const pairs = argv.words.filter(isPair).map(halves);
      const lost = pairs.find(([name]) => name !== '*' && !containersOf(spec).some((c) => c.name === name));
      if (lost) return { error: `error: unable to find container named ${JSON.stringify(lost[0])}\n`, goesOn: true };
      const body = containersPatch(current, target, (c) => {
        const pair = pairs.find(([name]) => name === c.name || name === '*');
        return pair ? { ...c, image: pair[1] } : c;
      });
      return body ? { body, word: 'image updated' } : { word: '' };
    },
  }),
] satisfies readonly Command[];
