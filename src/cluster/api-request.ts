/** A request to the Kubernetes REST API and its answer, as they travel between actors. Paths and bodies are upstream's; bodies are objects, never text. */
import type { V1Status } from '../api/schema/kubernetes.ts';

export interface Impersonation {
  readonly user?: string;
  readonly groups?: readonly string[];
}
/** Undefined when nobody is named. */
export const impersonationOf = (user?: string, groups?: readonly string[]): Impersonation | undefined =>
  user || groups ? { ...(user ? { user } : {}), ...(groups ? { groups } : {}) } : undefined;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** '/api/v1/namespaces/default/pods/web-x7k2p/status', without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Fields that the body's text names twice. */
  readonly duplicates?: readonly string[];
  /** Content type of the body; a patch's says which kind of patch it is: 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml'. */
  readonly contentType?: string;
  /** The Accept header: 'application/json;as=Table;v=v1;g=meta.k8s.io'. Absent: JSON objects. */
  readonly accept?: string;
  /** The headers Impersonate-User and Impersonate-Group. */
  readonly impersonate?: Impersonation;
  /** Of `Authorization: Bearer …`. */
  readonly token?: string;
  /** Of a list or a watch: the fields outside which a change does not concern the client. Upstream has no such thing: see crowds.ts. */
  readonly concern?: Concern;
}
/** Paths of fields: [['spec', 'podCIDR'], ['status', 'addresses']]. */
export type Concern = readonly (readonly string[])[];
/** Each change of an object. */
export const EVERYTHING: Concern = Object.freeze([Object.freeze([])]);

export interface ApiResponse {
  readonly code: number;
  /** The object, list or Status. */
  readonly body: unknown;
  readonly warnings?: readonly string[];
}

export function statusOf(response: ApiResponse): V1Status | undefined {
  return response.code >= 400 ? (response.body as V1Status) : undefined;
}

const plain = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
};
/** 'limit=5&watch' → its values. The first of several counts, save of the words of a command; a name alone has an empty value. */
export function queryOf(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const eq = pair.indexOf('=');
      return eq < 0 ? [plain(pair), ''] : [plain(pair.slice(0, eq)), plain(pair.slice(eq + 1))];
    });
  const words = pairs.filter(([name]) => name === 'command').map(([, word]) => word);
  return { ...Object.fromEntries([...pairs].reverse()), ...(words.length > 1 ? { command: JSON.stringify(words) } : {}) };
}
