/** The natural logarithm by arithmetic alone, so that every browser gives the same bits. For x ≥ 1, to about 1e-14. */
const LN2 = 0.6931471805599453;

export function ln(x: number): number {
  let m = x;
  let k = 0;
  while (m > 1.5) {
    m /= 2;
    k++;
  }
  const y = (m - 1) / (m + 1);
  const y2 = y * y;
  let term = y;
  let sum = 0;
  for (let n = 1; n < 60; n += 2) {
    sum += term / n;
    term *= y2;
  }
  return 2 * sum + k * LN2;
}
