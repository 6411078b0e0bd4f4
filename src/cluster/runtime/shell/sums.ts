/** Commands that print what a text comes to: md5sum, sha256sum, base64. Sources: RFC 1321, FIPS 180-4, RFC 4648; busybox' coreutils. */
import { decodeBase64, encodeBase64 } from '../../../lib/base64.ts';
import { hexOf, sha256 } from '../../../lib/sha256.ts';
import { bytesOf } from '../../../lib/utf8.ts';
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell } from './listing.ts';

type Command = (args: readonly string[], shell: Shell) => Effect;

const sumOf =
  (command: string, sum: (text: string) => Iterable<number>): Command =>
  (args, shell) => {
    const names = args.filter((a) => !a.startsWith('-'));
    if (names.length === 0) return ok(`${hexOf(sum(shell.input ?? ''))}  -\n`);
    let out = '';
    for (const name of names) {
      const text = shell.files.get(inShell(name, shell));
      if (text === undefined) return { ...no(`${command}: can't open '${name}': No such file or directory`), out };
      out += `${hexOf(sum(text))}  ${name}\n`;
    }
    return ok(out);
  };

const base64: Command = (args, shell) => {
  const [name] = args.filter((a, i) => !a.startsWith('-') && args[i - 1] !== '-w');
  const text = name === undefined ? (shell.input ?? '') : shell.files.get(inShell(name, shell));
  if (text === undefined) return no(`base64: can't open '${name}': No such file or directory`);
  if (args.some((a) => /^(-\w*[dD]|--decode)$/.test(a))) return ok(decodeBase64(text));
  const at = args.findIndex((a) => a.startsWith('-w'));
  const width = at < 0 ? 76 : Number(args[at].slice(2) || args[at + 1]);
  const code = encodeBase64(text);
  return ok(width === 0 ? code : code.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'));
};

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
/** RFC 1321, 3.4: the first 32 bits of the sines of 1 to 64. */
const SINES =
  'd76aa478e8c7b756242070dbc1bdceeef57c0faf4787c62aa8304613fd469501698098d88b44f7afffff5bb1895cd7be6b901122fd987193a679438e49b40821' +
  'f61e2562c040b340265e5a51e9b6c7aad62f105d02441453d8a1e681e7d3fbc821e1cde6c33707d6f4d50d87455a14eda9e3e905fcefa3f8676f02d98d2a4c8a' +
  'fffa39428771f6816d9d6122fde5380ca4beea444bdecfa9f6bb4b60bebfbc70289b7ec6eaa127fad4ef308504881d05d9d4d039e6db99e51fa27cf8c4ac5665' +
  'f4292244432aff97ab9423a7fc93a039655b59c38f0ccc92ffeff47d85845dd16fa87e4ffe2ce6e0a30143144e0811a1f7537e82bd3af2352ad7d2bbeb86d391';
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** 16 bytes. */
function md5(text: string): Iterable<number> {
  const bytes = [...bytesOf(text)];
  const bits = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  bytes.push(bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, (bits >>> 24) & 255, 0, 0, 0, 0);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < bytes.length; at += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = at + 4 * ([i, 5 * i + 1, 3 * i + 5, 7 * i][round] & 15);
      const word = bytes[g] | (bytes[g + 1] << 8) | (bytes[g + 2] << 16) | (bytes[g + 3] << 24);
      const sum = (a + mixed + word + parseInt(SINES.slice(8 * i, 8 * i + 8), 16)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotate(sum, TURNS[round * 4 + (i & 3)])) | 0];
    }
    [a, b, c, d].forEach((n, i) => (state[i] = (state[i] + n) | 0));
  }
  return state.flatMap((n) => [0, 8, 16, 24].map((shift) => (n >>> shift) & 255));
}

export const SUMS = { md5sum: sumOf('md5sum', md5), sha256sum: sumOf('sha256sum', sha256), base64 };
