/** '250m', '64Mi', '1e3': amounts of resources. Upstream: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (v1.36). Simplified: 53 bits and thousandths. */
const SUFFIX: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776, Pi: 1125899906842624, Ei: 1152921504606846976,
};
const FORM = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** The amount as a number; NaN when the text is no quantity. */
export function quantity(text: string | number | undefined): number {
  if (typeof text === 'number') return text;
  if (text === undefined) return 0;
  const match = FORM.exec(text);
  if (!match) return Number.NaN;
  const factor = match[3] === undefined ? SUFFIX[match[4] ?? ''] : Number(`1${match[3]}`);
  return (match[1] === '-' ? -1 : 1) * Number(match[2]) * factor;
}

/** Whole milli-cores, rounded up. */
export const cpuMilli = (text: string | number | undefined): number => Math.ceil(quantity(text) * 1000 - 1e-6);
/** Whole units (bytes, pods, devices), rounded up. */
export const wholeUnits = (text: string | number | undefined): number => Math.ceil(quantity(text) - 1e-9);
export const isQuantity = (text: string | number): boolean => !Number.isNaN(quantity(text));
export const formatMilli = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

/** Bytes as upstream prints a binary quantity: the largest suffix that leaves a whole number. */
export function formatBytes(bytes: number): string {
  for (const suffix of ['Gi', 'Mi', 'Ki']) if (bytes >= SUFFIX[suffix] && bytes % SUFFIX[suffix] === 0) return `${bytes / SUFFIX[suffix]}${suffix}`;
  return String(bytes);
}
