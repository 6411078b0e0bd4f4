/** kubectl set resources. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go, pkg/generate/versioned/run.go populateResourceListV1 (v1.36). Simplified: no --local. */
import { isQuantity } from '../../api/machinery/quantity.ts';
import type { Command } from '../command.ts';
import { patching } from '../patching.ts';
import { containersOf, containersPatch, isMeant, noTemplate, podSpecOf } from '../pod-template.ts';

type Amounts = Readonly<Record<string, string>>;

/** 'cpu=200m,memory=512Mi'; an error is a text. */
function amountsOf(text: string): Amounts | string {
  const pairs = text === '' ? [] : text.split(',').map((pair) => pair.split('='));
  const odd = pairs.find((pair) => pair.length !== 2);
  if (odd) return `error: Invalid argument syntax ${odd.join('=')}, expected <resource>=<value>\n`;
  return pairs.every(([, amount]) => isQuantity(amount))
    ? (Object.fromEntries(pairs) as Amounts)
    : "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n";
}
const with_ = (had: Amounts | undefined, more: Amounts): Amounts | undefined =>
  Object.keys(more).length === 0 ? had : { ...had, ...more };

export default [
  patching({
    name: 'set resources',
    readsFirst: true,
    refused: 'failed to patch resources update to pod template ',
    patchOf({ argv: { flags } }, current, target) {
      const [given, wanted] = [flags.get('limits') ?? '', flags.get('requests') ?? ''];
      if (given === '' && wanted === '')
        return { error: 'error: you must specify an update to requests or limits (in the form of --requests/--limits)\n' };
      const [limits, requests] = [amountsOf(given), amountsOf(wanted)];
      if (typeof limits === 'string') return { error: limits };
      if (typeof requests === 'string') return { error: requests };
      const spec = podSpecOf(current);
      if (!spec) return noTemplate(target);
      const containers = flags.get('containers') ?? '*';
      if (!containersOf(spec).some((c) => isMeant(c.name, containers)))
        return { error: `error: unable to find container named ${containers}\n`, goesOn: true };
      const body = containersPatch(current, target, (c) =>
        isMeant(c.name, containers)
          ? {
              ...c,
              resources: { ...c.resources, limits: with_(c.resources?.limits, limits), requests: with_(c.resources?.requests, requests) },
            }
          : c,
      );
      return body ? { body, word: 'resource requirements updated' } : { word: '' };
    },
  }),
] satisfies readonly Command[];
