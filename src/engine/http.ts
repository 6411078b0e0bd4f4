/** HTTP as clients write it ⇄ requests as they travel: queries, headers, bodies that are text. */
import { parse as parseYaml } from 'yaml';
import { MOST_LENGTH } from '../api/body-limit.ts';
import { fromProtobuf } from '../api/protobuf/decode.ts';
import { duplicateKeys } from '../lib/duplicate-keys.ts';
import { textOf } from '../lib/utf8.ts';
import { impersonationOf, queryOf, type ApiRequest } from '../cluster/api-request.ts';
import { ANONYMOUS, identities, serviceAccountGroups, type Identity } from '../cluster/client/identity.ts';
import { checkShape } from './shape.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
}

/** '/api/v1/pods?limit=5' → path and query. */
export function splitPath(text: string): { readonly path: string; readonly query?: Readonly<Record<string, string>> } {
  const url = text.replace(/^https?:\/\/[^/]+/, '').replace(/#.*$/, '');
  const at = url.indexOf('?');
  if (at < 0) return { path: plainPath(url) };
  return { path: plainPath(url.slice(0, at)), query: queryOf(url.slice(at + 1)) };
}
const plainPath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** Several groups to impersonate stand in one header, after commas. Throws an Error that says what is wrong with what is no request. */
export function apiRequestOf(r: HttpRequest): ApiRequest {
  checkShape('request', r, {
    method: 'a string',
    path: 'a string',
    'body?': 'anything',
    'headers?': 'an object of strings',
    'as?': { user: 'a string', 'groups?': 'a list of strings' },
  });
  const header = (name: string): string | undefined => Object.entries(r.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  const [contentType, accept, user, groups] = [
    header('content-type'),
    header('accept'),
    header('impersonate-user'),
    header('impersonate-group'),
  ];
  const token = /^bearer +(\S+)$/i.exec(header('authorization') ?? '')?.[1];
  const impersonate = impersonationOf(user, groups ? groups.split(/, */) : undefined);
  return {
    method: r.method.toUpperCase() as ApiRequest['method'],
    ...splitPath(r.path),
    ...bodyOf(r.body, contentType),
    ...(contentType === undefined ? {} : { contentType }),
    ...(accept === undefined ? {} : { accept }),
    ...(token === undefined ? {} : { token }),
    ...(impersonate ? { impersonate } : {}),
  };
}

/**
 * A body may come as the object, as its text, or as the bytes of a text or a message; of a text in JSON it is known which members it names twice.
 * What cannot be read, is too long, or is nested too deep for anybody here, stays text: the server refuses it.
 */
function bodyOf(sent: unknown, contentType = ''): Pick<ApiRequest, 'body' | 'duplicates'> {
  if (sent === undefined || typeof sent === 'function') return {};
  const isBytes = sent instanceof Uint8Array;
  try {
    if (isBytes && /protobuf/.test(contentType)) return { body: fromProtobuf(sent) };
    const text = isBytes ? textOf(sent) : typeof sent === 'string' ? sent : JSON.stringify(sent);
    if (text.length > MOST_LENGTH) return { body: text };
    if (/yaml/.test(contentType) && (isBytes || typeof sent === 'string')) return { body: parseYaml(text) as unknown };
    const body = JSON.parse(text) as unknown;
    const duplicates = typeof body === 'object' ? duplicateKeys(text) : [];
    return { body, ...(duplicates.length > 0 ? { duplicates } : {}) };
  } catch (error) {
    if (!isBytes && typeof sent !== 'string' && !(error instanceof RangeError))
      throw new Error(`request: body cannot be written as JSON: ${(error as Error).message}`);
    return { body: typeof sent === 'string' ? sent : '' };
  }
}

/** Whoever names a user is authenticated, save the anonymous one. A token counts for who has no certificate. */
export function identityOf(as: HttpRequest['as'], { token }: ApiRequest): Identity {
  if (!as) return token === undefined ? identities.admin : ANONYMOUS;
  const everybody = as.user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return { user: as.user, groups: [...new Set([...(as.groups ?? []), ...serviceAccountGroups(as.user), everybody])] };
}

/** Clients tell this answer from the older ones by its type. */
const isDiscovery = (body: unknown): boolean => (body as { readonly kind?: unknown } | undefined)?.kind === 'APIGroupDiscoveryList';

export function responseHeaders(body: unknown, warnings: readonly string[] | undefined): Record<string, string> {
  const quoted = (text: string): string => `299 - "${text.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
  return {
    'content-type':
      typeof body === 'string'
        ? 'text/plain; charset=utf-8'
        : `application/json${isDiscovery(body) ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : ''}`,
    ...(warnings?.length ? { warning: warnings.map(quoted).join(', ') } : {}),
  };
}
