/** Why the scheduler excluded machines, in our words; upstream's own ("node(s) had untolerated taint(s)") are quoted where they are printed. */
import { many } from '../lib/many.ts';

export interface Refusal {
  readonly reason: string;
  readonly count?: number;
  readonly machine?: string;
}

/** Source: the reasons of upstream's plugins, pkg/scheduler/framework/plugins. One machine; several. */
const WORDS: readonly (readonly [RegExp, one: string, several: string])[] = [
  [/untolerated taint/, 'has a taint that is not tolerated', 'have taints that are not tolerated'],
  [/Insufficient (\S+)/, 'has too little free $1', 'have too little free $1'],
  [/Too many pods/, 'is full of pods', 'are full of pods'],
  [/anti-affinity/, 'has a pod that this one must not be with', 'have a pod that this one must not be with'],
  [/pod affinity/, 'has no pod that this one must be with', 'have no pod that this one must be with'],
  [/[Nn]ode ?[Aa]ffinity|node selector/, 'is not what the pod selects', 'are not what the pod selects'],
  [/unschedulable/, 'is cordoned', 'are cordoned'],
  [/free ports/, 'has that port taken', 'have that port taken'],
  [/topology spread/, 'would make the spread too uneven', 'would make the spread too uneven'],
];

function refusalText({ reason, count = 1, machine }: Refusal): string {
  const found = WORDS.find(([pattern]) => pattern.test(reason));
  const who = machine ?? many(count, 'machine');
  if (!found) return `${who}: ${reason}`;
  const [pattern, one, several] = found;
  return `${who} ${(machine !== undefined || count === 1 ? one : several).replace('$1', pattern.exec(reason)?.[1] ?? '')}`;
}

export const refusalsText = (refusals: readonly Refusal[]): string => refusals.slice(0, 4).map(refusalText).join('; ');
