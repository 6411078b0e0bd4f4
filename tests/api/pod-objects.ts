/** Pods as they are asked for, and what the apiserver says of them. */
import { admit } from '../../src/cluster/apiserver/admit-part.ts';
import type { KubeObject } from '../../src/api/object.ts';

export type Rec = Readonly<Record<string, unknown>>;
export const c = (more: object = {}): object => ({ name: 'ctr', image: 'image:1', ...more });
export const pod = (spec: Rec = {}, annotations?: object): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '123', namespace: 'ns', ...(annotations ? { annotations } : {}) },
    spec: { containers: [c()], ...spec },
  }) as KubeObject;
export const causes = (outcome: ReturnType<typeof admit>): readonly string[] =>
  'status' in outcome
    ? (outcome.status.details?.causes ?? [{ field: outcome.status.reason, message: outcome.status.message }]).map(
        (x) => `${x.field}: ${x.message}`,
      )
    : [];
export const said = (object: KubeObject): readonly string[] => causes(admit({ operation: 'CREATE', object }));
export const stored = (object: KubeObject): KubeObject => {
  const outcome = admit({ operation: 'CREATE', object });
  return 'object' in outcome ? (outcome.object as KubeObject) : object;
};
export const having = (more: object): KubeObject => pod({ containers: [c(more)] });
