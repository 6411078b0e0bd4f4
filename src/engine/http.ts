/** HTTP as clients write it ⇄ requests as they travel: queries, headers, bodies that are text. */
import { parse as parseYaml } from 'yaml';
import { fromProtobuf } from '../api/protobuf/decode.ts';
import { duplicateKeys } from '../lib/duplicate-keys.ts';
import { textOf } from '../lib/utf8.ts';
import { impersonationOf, queryOf, type ApiRequest } from '../cluster/api-request.ts';
import { identities, serviceAccountGroups, type Identity } from '../cluster/client/identity.ts';

export interface HttpRequest { readonly method: string; readonly path: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly as?: { readonly user: string; readonly groups?: readonly string[] } }

/** '/api/v1/pods?limit=5' → path and query. */
export function splitPath(text: string): { readonly path: string; readonly query?: Readonly<Record<string, string>> } {
  const url = text.replace(/^https?:\/\/[^/]+/, '').replace(/#.*$/, '');
  const at = url.indexOf('?');
  if (at < 0) return { path: plainPath(url) };
  return { path: plainPath(url.slice(0, at)), query: queryOf(url.slice(at + 1)) };
}
const plainPath = (path: string): string => { try { return decodeURIComponent(path); } catch { return path; } };

/** Several groups to impersonate stand in one header, after commas. */
export function apiRequestOf(r: HttpRequest): ApiRequest {
  const header = (name: string): string | undefined => Object.entries(r.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  const [contentType, accept, user, groups] = [header('content-type'), header('accept'), header('impersonate-user'), header('impersonate-group')];
  const body = bodyOf(r.body, contentType);
  const duplicates = typeof r.body === 'string' && typeof body === 'object' && !/yaml/.test(contentType ?? '') ? duplicateKeys(r.body) : [];
  const impersonate = impersonationOf(user, groups ? groups.split(/, */) : undefined);
  return { method: r.method.toUpperCase() as ApiRequest['method'], ...splitPath(r.path), ...(body === undefined ? {} : { body }), ...(duplicates.length > 0 ? { duplicates } : {}), ...(contentType === undefined ? {} : { contentType }), ...(accept === undefined ? {} : { accept }), ...(impersonate ? { impersonate } : {}) };
}

/** A body may come as the object, as its text, or as the bytes of a text or a message. What cannot be read stays as it is: the server refuses it. */
function bodyOf(body: unknown, contentType: string | undefined): unknown {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) {
    try { return /protobuf/.test(contentType ?? '') ? fromProtobuf(body) : bodyOf(textOf(body), contentType); } catch { return ''; }
  }
  if (typeof body !== 'string') return JSON.parse(JSON.stringify(body)) as unknown;
  try { return (/yaml/.test(contentType ?? '') ? parseYaml(body) : JSON.parse(body)) as unknown; } catch { return body; }
}

/** Whoever names a user is authenticated, save the anonymous one. */
export function identityOf(as: HttpRequest['as']): Identity {
  if (!as) return identities.admin;
  const everybody = as.user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return { user: as.user, groups: [...new Set([...(as.groups ?? []), ...serviceAccountGroups(as.user), everybody])] };
}

/** Clients tell this answer from the older ones by its type. */
const isDiscovery = (body: unknown): boolean => (body as { readonly kind?: unknown } | undefined)?.kind === 'APIGroupDiscoveryList';

export function responseHeaders(body: unknown, warnings: readonly string[] | undefined): Record<string, string> {
  const quoted = (text: string): string => `299 - "${text.replace(/[\\"]/g, (c) => `\\${c}`)}"`;
  return { 'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : `application/json${isDiscovery(body) ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : ''}`, ...(warnings?.length ? { warning: warnings.map(quoted).join(', ') } : {}) };
}
