/** SHA-256 of a text's UTF-8 bytes, synchronous. FIPS 180-4. */
import { assert } from './assert.ts';
import { bytesOf } from './utf8.ts';

/** The first 32 bits of the fractional parts of the cube (K) and square (H) roots of the first primes, by integer search. */
const PRIMES = (() => {
  const found: number[] = [];
  for (let n = 2; found.length < 64; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
})();
function rootBits(prime: number, degree: 2n | 3n): number {
  const target = BigInt(prime) << (32n * degree);
  let [low, high] = [0n, 1n << 40n];
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    const power = degree === 2n ? middle * middle : middle * middle * middle;
    if (power <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn);
}
const K = Uint32Array.from(PRIMES, (p) => rootBits(p, 3n));
const H = Uint32Array.from(PRIMES.slice(0, 8), (p) => rootBits(p, 2n));
const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** Two digits a byte. */
export const hexOf = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 32 bytes. */
export function sha256(text: string): Uint8Array {
  const bytes = bytesOf(text);
  const bits = bytes.length * 8;
  assert(bits < 0x20000000, 'a short text');
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  bytes.push(0, 0, 0, 0, (bits >>> 24) & 255, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
  const h = H.slice();
  const w = new Uint32Array(64);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 16; i++)
      w[i] = (bytes[at + 4 * i] << 24) | (bytes[at + 4 * i + 1] << 16) | (bytes[at + 4 * i + 2] << 8) | bytes[at + 4 * i + 3];
    for (let i = 16; i < 64; i++) {
      const [a, b] = [w[i - 15], w[i - 2]];
      w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
    }
    const s = h.slice();
    for (let i = 0; i < 64; i++) {
      const t1 = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
      const t2 = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      s.copyWithin(1, 0, 7);
      s[4] += t1;
      s[0] = t1 + t2;
    }
    for (let i = 0; i < 8; i++) h[i] += s[i];
  }
  return Uint8Array.from({ length: 32 }, (_, i) => (h[i >> 2] >>> (24 - 8 * (i & 3))) & 255);
}
