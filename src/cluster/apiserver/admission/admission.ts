/** What one file in this folder says about an admission plugin. Upstream: staging/src/k8s.io/apiserver/pkg/admission/interfaces.go (v1.36). */
import type { V1Status } from '../../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Identity } from '../../client/identity.ts';
import type { RequestInfo } from '../request-info.ts';
import type { ServerView } from '../view.ts';

export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly info: RequestInfo;
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly as: Identity;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** Upstream's place in the chain, from pkg/kubeapiserver/options/plugins.go; smaller runs first. */
  readonly order: number;
  /** Changes the object, or refuses it. */
  readonly admit?: (attributes: Attributes, view: ServerView) => { readonly object: KubeObject } | { readonly status: V1Status };
  /** Refuses, or has nothing to say. */
  readonly validate?: (attributes: Attributes, view: ServerView) => V1Status | undefined;
  /** What it says of what nobody refused. */
  readonly warn?: (attributes: Attributes, view: ServerView) => readonly string[];
}

/** What a refusal calls an object: before it is stored, the rest of a generated name is not known. Upstream: admission/errors.go extractResourceName. */
export const knownName = ({ metadata }: KubeObject): string => metadata?.generateName || metadata?.name || 'Unknown';
