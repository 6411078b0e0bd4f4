/** `$((…))`: integers with C's operators. Source: POSIX.1-2024, 2.6.4 Arithmetic Expansion. `++` and `--` are busybox'. Simplified: no shifts and bits. */

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

/** `vars`: what a name without a `$` stands for, and what is assigned. */
export function arithmetic(text: string, vars: Map<string, string>): number {
  const parts = text.match(/0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*|\+\+|--|[-+*/%<>=!]=|&&|\|\||[-+*/%()<>!=?:]/g) ?? [];
  let at = 0;
  const valueOf = (name: string): number => Math.trunc(Number(vars.get(name) ?? 0)) || 0;
  const assign = (name: string, value: number): number => {
    vars.set(name, String(value));
    return value;
  };
  const step = (sign: string): number => (sign === '++' ? 1 : -1);
  const atom = (): number => {
    const part = parts[at++] ?? '0';
    if (part === '(') {
      const value = whole();
      at++;
      return value;
    }
    if (part === '-') return -atom();
    if (part === '+') return atom();
    if (part === '!') return truth(atom() === 0);
    if (part === '++' || part === '--') return assign(parts[at], valueOf(parts[at++]) + step(part));
    if (/^\d/.test(part)) return Number(part);
    if (parts[at] !== '++' && parts[at] !== '--') return valueOf(part);
    return assign(part, valueOf(part) + step(parts[at])) - step(parts[at++]);
  };
  const level = (n: number): number => {
    const operations = LEVELS[n];
    if (!operations) return atom();
    let value = level(n + 1);
    while (parts[at] !== undefined && Object.hasOwn(operations, parts[at])) value = operations[parts[at++]](value, level(n + 1));
    return value;
  };
  const whole = (): number => {
    const [name = '', operator = ''] = parts.slice(at);
    if (/^[A-Za-z_]/.test(name) && /^[-+*/%]?=$/.test(operator)) {
      at += 2;
      const [value, operation] = [whole(), LEVELS.find((of) => Object.hasOwn(of, operator[0]))];
      return assign(name, operator === '=' || !operation ? value : operation[operator[0]](valueOf(name), value));
    }
    const value = level(0);
    if (parts[at] !== '?') return value;
    at++;
    const then = whole();
    at++;
    const other = whole();
    return value === 0 ? other : then;
  };
  return whole();
}
