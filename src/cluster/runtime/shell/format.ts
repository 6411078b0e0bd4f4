/** What printf makes of a format, in a shell and in awk. Source: POSIX.1-2024, XBD 5 File Format Notation. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', '"': '"' };

/** Backslashes and what follows. */
export const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\da-fA-F]{1,2})|([0-3]?[0-7]{1,3})|([^]))/g, (all, hex?: string, octal?: string, c?: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 255);
    return ESCAPES[c ?? ''] ?? all;
  });

const CONVERSION = /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])/g;

/** Wider, and with more digits, nothing is printed. */
const MOST_WIDE = 1000;
const MOST_DIGITS = 100;
const within = (size: number, most: number): number => Math.min(most, Math.max(-most, size));

/** The format filled in, and how many of the words it took. */
export function formatted(format: string, words: readonly string[]): { readonly text: string; readonly taken: number } {
  let taken = 0;
  const next = (): string => words[taken++] ?? '';
  const size = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text === '*' ? next() : text));
  const text = format.replace(CONVERSION, (all, flags: string, width: string | undefined, digits: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const wide = within(size(width) ?? 0, MOST_WIDE);
    const precision = all.includes('.') ? within(size(digits) ?? 0, MOST_DIGITS) : undefined;
    const value = converted(kind, next(), precision);
    const signed =
      /[dieEfgG]/.test(kind) && !value.startsWith('-') ? (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + value : value;
    if (flags.includes('-') || wide < 0) return signed.padEnd(Math.abs(wide));
    if (!flags.includes('0') || !/[diouxXeEfgG]/.test(kind)) return signed.padStart(wide);
    const [sign] = /^[-+ ]?/.exec(signed) ?? [''];
    return sign + signed.slice(sign.length).padStart(wide - sign.length, '0');
  });
  return { text, taken };
}

function converted(kind: string, word: string, precision: number | undefined): string {
  // A quote says that the next character's code is meant.
  const number = /^['"]./.test(word) ? word.charCodeAt(1) : Number(/^[-+]?(0x[\da-f]+|\d*\.?\d+(e[-+]?\d+)?)/i.exec(word.trim())?.[0] ?? 0);
  const whole = Math.trunc(number);
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return (whole < 0 ? '-' : '') + String(Math.abs(whole)).padStart(precision ?? 1, '0');
    case 'x':
      return whole.toString(16).padStart(precision ?? 1, '0');
    case 'X':
      return whole
        .toString(16)
        .toUpperCase()
        .padStart(precision ?? 1, '0');
    case 'o':
      return whole.toString(8);
    case 'f':
      return number.toFixed(precision ?? 6);
    case 'e':
      return number.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, 'e$10$2');
    case 'g':
      return general(number, precision ?? 6);
    case 'c':
      return word.slice(0, 1);
    case 'b':
      return unescaped(word);
    default:
      return precision === undefined ? word : word.slice(0, precision);
  }
}

/** %g: as short as so many digits allow. */
export function general(number: number, digits: number): string {
  if (number === 0 || !Number.isFinite(number)) return String(number);
  const exponent = Number(number.toExponential().split('e')[1]);
  if (exponent >= -5 && exponent < digits) return String(Number(number.toPrecision(digits || 1)));
  return number
    .toExponential(Math.max(0, digits - 1))
    .replace(/\.?0+e/, 'e')
    .replace(/e([-+])(\d)$/, 'e$10$2');
}
