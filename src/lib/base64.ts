/** Base64 over UTF-8, without a browser or Node. */
import { bytesOf, textOf } from './utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''));

const ALPHABETIC = /[A-Za-z0-9+/]/;

/** Where Go's decoder gives up, in bytes; undefined when it does not. Source: encoding/base64 StdEncoding, decodeQuantum. */
export function base64ErrorAt(text: string): number | undefined {
  if (isBase64(text)) return undefined;
  const bytes = bytesOf(text).map((byte) => String.fromCharCode(byte));
  const isBreak = (i: number): boolean => bytes[i] === '\n' || bytes[i] === '\r';
  const skipBreaks = (i: number): number => {
    while (isBreak(i)) i++;
    return i;
  };
  let held = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (ALPHABETIC.test(bytes[i])) {
      held = (held + 1) % 4;
      continue;
    }
    if (isBreak(i)) continue;
    if (bytes[i] !== '=' || held < 2) return i;
    let next = skipBreaks(i + 1);
    if (held === 2) {
      if (next === bytes.length) return next;
      if (bytes[next] !== '=') return next - 1;
      next = skipBreaks(next + 1);
    }
    return next;
  }
  return bytes.length - held;
}

export const encodeBase64 = (text: string): string => encodeBytes(bytesOf(text));

export function encodeBytes(bytes: ArrayLike<number>): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out +=
      ALPHABET[n >> 18] +
      ALPHABET[(n >> 12) & 63] +
      (i + 1 < bytes.length ? ALPHABET[(n >> 6) & 63] : '=') +
      (i + 2 < bytes.length ? ALPHABET[n & 63] : '=');
  }
  return out;
}

/** The text in base64; bytes that are no UTF-8 come out as they may. */
export function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of text.replace(/[^A-Za-z0-9+/]/g, '')) {
    held = (held << 6) | ALPHABET.indexOf(char);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return textOf(bytes);
}
