/** '1 pod', '3 pods': a count with its noun, for nouns that take an s. */
export const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
