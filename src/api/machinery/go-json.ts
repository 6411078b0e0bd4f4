/** JSON as Go's encoding/json writes it: keys in byte order, and what a browser might take for HTML escaped. Upstream: encoding/json HTMLEscape. */
import { canonicalJson } from './template-hash.ts';

/** Outside its texts JSON has none of these characters, so the whole of it may be given. */
export const goEscaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** In one line and without absent fields. */
export const goJson = (value: unknown): string => goEscaped(canonicalJson(value));
