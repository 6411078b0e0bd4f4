/** UTF-8 without a browser or Node. Lone halves of a pair are written as they stand. */

/** The bytes of one code point. */
export function utf8(code: number): readonly number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}

/** How many bytes a text takes. */
export function bytesIn(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) count += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return count;
}

export function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) bytes.push(...utf8(char.codePointAt(0) ?? 0));
  return bytes;
}

/** What is no UTF-8 comes out as it may. */
export function textOf(bytes: ArrayLike<number>): string {
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i++];
    const more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let point = more === 0 ? lead : lead & (0x3f >> more);
    for (let k = 0; k < more; k++) point = (point << 6) | ((bytes[i++] ?? 0) & 0x3f);
    out += String.fromCodePoint(Math.min(point, 0x10ffff));
  }
  return out;
}
