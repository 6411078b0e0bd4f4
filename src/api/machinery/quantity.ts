/**
 * '250m', '64Mi', '1e3': amounts of resources.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (v1.36). Simplified: exponents of five digits and more are refused.
 */
type Format = 'decimal' | 'exponent' | 'binary';
/** `kept`: the text itself, where upstream takes it for canonical as it is. */
interface Exact {
  readonly nano: bigint;
  readonly format: Format;
  readonly kept?: string;
}

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Digits may be missing: 'Mi' is nought. */
const FORM = /^([+-]?)(\d*\.?\d*)(?:([eE][+-]?\d{1,4})|([numkMGTPE]|[KMGTPE]i)?)$/;
/** What has the form but no such suffix. */
const LOOSE_FORM = /^[+-]?\d*\.?\d*[eEinumkKMGTP]*[-+]?\d*$/;
const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
const MOST = 9_223_372_036_854_775_807n * NANO;

/** 1024ⁿ or 10ⁿ by multiplication alone. */
function power(base: number, exponent: number): number {
  let value = 1;
  for (let i = 0; i < exponent; i++) value *= base;
  return value;
}

/** The amount as a number; NaN when the text is no quantity, 0 when there is none. */
export function quantity(text: string | number | undefined): number {
  if (typeof text === 'number') return text;
  if (text === undefined) return 0;
  const match = text === '' ? null : FORM.exec(text);
  if (!match) return Number.NaN;
  const magnitude = Number(`0${match[2]}`);
  const suffix = match[4] ?? '';
  const sign = match[1] === '-' ? -1 : 1;
  if (Object.hasOwn(BINARY, suffix)) return sign * magnitude * power(1024, BINARY[suffix]);
  const exponent = match[3] === undefined ? DECIMAL[suffix] : Number(match[3].slice(1));
  return sign * (exponent < 0 ? magnitude / power(10, -exponent) : magnitude * power(10, exponent));
}

/** Whole milli-cores, rounded up. */
export const cpuMilli = (text: string | number | undefined): number => rounded(text, MILLI);
/** Whole units (bytes, pods, devices), rounded up. */
export const wholeUnits = (text: string | number | undefined): number => rounded(text, NANO);
export const isQuantity = (text: string | number): boolean => exact(String(text)) !== undefined;

/** In upstream's words; undefined for a quantity. */
export function quantityError(text: string | number): string | undefined {
  if (isQuantity(text)) return undefined;
  return text !== '' && LOOSE_FORM.test(String(text))
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

/** Away from nought. */
function rounded(text: string | number | undefined, unit: bigint): number {
  if (text === undefined) return 0;
  const nano = exact(String(text))?.nano;
  return nano === undefined ? Number.NaN : Number(nano < 0n ? -ceilDivide(-nano, unit) : ceilDivide(nano, unit));
}

/** The canonical text, as upstream stores and prints it: '0.5' → '500m', '1024Mi' → '1Gi'. A text that is no quantity is returned as it is. */
export function canonicalQuantity(text: string | number): string {
  const parsed = exact(String(text));
  return parsed ? (parsed.kept ?? format(parsed)) : String(text);
}

/** The sum in the first one's format; both must be quantities. */
export function addQuantities(a: string, b: string): string {
  const [x, y] = [exact(a), exact(b)];
  return format({ nano: (x?.nano ?? 0n) + (y?.nano ?? 0n), format: (x && x.nano !== 0n ? x : (y ?? x))?.format ?? 'decimal' });
}

/** Negative, zero or positive; both must be quantities. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = (exact(String(a))?.nano ?? 0n) - (exact(String(b))?.nano ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A cluster says the same few amounts over and over. */
const read = new Map<string, Exact | undefined>();
const MOST_READ = 1000;
function exact(text: string): Exact | undefined {
  const known = read.get(text);
  if (known || read.has(text)) return known;
  if (read.size >= MOST_READ) read.clear();
  const parsed = parse(text);
  read.set(text, parsed);
  return parsed;
}

function parse(text: string): Exact | undefined {
  const match = text === '' ? null : FORM.exec(text);
  if (!match) return undefined;
  const [whole, fraction = ''] = match[2].split('.');
  const suffix = match[4] ?? '';
  const isBinary = Object.hasOwn(BINARY, suffix);
  const exponent = (isBinary ? 0 : match[3] === undefined ? DECIMAL[suffix] : Number(match[3].slice(1))) - fraction.length + 9;
  const digits = BigInt(whole + fraction || '0') * (isBinary ? BigInt(power(1024, BINARY[suffix])) : 1n);
  const uncapped = exponent >= 0 ? digits * tens(exponent) : ceilDivide(digits, tens(-exponent));
  const nano = isBinary && uncapped > MOST ? MOST : uncapped;
  const isTiny = isBinary && nano > 0n && nano < NANO;
  const kept = isKept({ whole, fraction, exponent: exponent - 9, binary: isBinary ? BINARY[suffix] : 0 }) ? { kept: text } : {};
  return {
    nano: match[1] === '-' ? -nano : nano,
    format: isBinary && !isTiny ? 'binary' : match[3] === undefined ? 'decimal' : 'exponent',
    ...kept,
  };
}

/** Upstream: the fast path of ParseQuantity, for numbers of few digits. `exponent`: of ten, of the digits without their point; `binary`: of 1024. */
function isKept({
  whole,
  fraction,
  exponent,
  binary,
}: {
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: number;
  readonly binary: number;
}): boolean {
  const shifted = (whole.replace(/^0+/, '') || '0') + fraction;
  if (binary > 0) return fraction === '' && 15 - shifted.length - Math.floor(binary * 3) - 1 >= 0 && Number(shifted) % 8 !== 0;
  return shifted.length <= 18 && exponent >= -9 && exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}

function tens(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Upstream's CanonicalizeBytes: no precision lost, no fraction, the largest suffix that both allow; beyond E there is none, and none is written. */
function format({ nano, format: wanted }: Exact): string {
  if (nano === 0n) return '0';
  const magnitude = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? '-' : '';
  if (wanted === 'binary' && magnitude >= 1024n * NANO && magnitude % NANO === 0n) {
    let [units, step] = [magnitude / NANO, 0];
    while (units % 1024n === 0n && step < BINARY_SUFFIXES.length - 1) {
      units /= 1024n;
      step++;
    }
    return `${sign}${units}${BINARY_SUFFIXES[step]}`;
  }
  let [units, step] = [magnitude, 0];
  while (units % 1000n === 0n) {
    units /= 1000n;
    step++;
  }
  const exponent = step * 3 - 9;
  return wanted === 'exponent'
    ? `${sign}${units}${exponent === 0 ? '' : `e${exponent}`}`
    : `${sign}${units}${DECIMAL_SUFFIXES[step] ?? ''}`;
}
