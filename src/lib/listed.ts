/** 'a', 'a and b', 'a, b and c': names as a sentence has them. */
export const listed = (names: readonly unknown[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
