/** `$((…))`: integers with C's operators. Source: POSIX.1-2024, 2.6.4 Arithmetic Expansion. Simplified: no assignments, shifts, bits, or `?:`. */

type Operation = (a: number, b: number) => number;
const truth = (is: boolean): number => (is ? 1 : 0);

/** From those that bind least to those that bind most. */
const LEVELS: readonly Readonly<Record<string, Operation>>[] = [
  { '||': (a, b) => truth(a !== 0 || b !== 0) },
  { '&&': (a, b) => truth(a !== 0 && b !== 0) },
  { '==': (a, b) => truth(a === b), '!=': (a, b) => truth(a !== b) },
  { '<': (a, b) => truth(a < b), '<=': (a, b) => truth(a <= b), '>': (a, b) => truth(a > b), '>=': (a, b) => truth(a >= b) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? 0 : Math.trunc(a / b)), '%': (a, b) => (b === 0 ? 0 : a % b) },
];

/** `vars`: what a name without a `$` stands for. */
export function arithmetic(text: string, vars: ReadonlyMap<string, string>): number {
  const parts = text.match(/0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*|[<>=!]=|&&|\|\||[-+*/%()<>!]/g) ?? [];
  let at = 0;
  const atom = (): number => {
    const part = parts[at++] ?? '0';
    if (part === '(') {
      const value = level(0);
      at++;
      return value;
    }
    if (part === '-') return -atom();
    if (part === '!') return truth(atom() === 0);
    return Math.trunc(Number(/^\d/.test(part) ? part : (vars.get(part) ?? 0))) || 0;
  };
  const level = (n: number): number => {
    const operations = LEVELS[n];
    if (!operations) return atom();
    let value = level(n + 1);
    while (parts[at] !== undefined && Object.hasOwn(operations, parts[at])) value = operations[parts[at++]](value, level(n + 1));
    return value;
  };
  return level(0);
}
