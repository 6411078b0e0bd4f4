/** Descriptions for explain and the OpenAPI documents, which come after the rest. Whoever runs such a command sees to it that they are here: the same session says the same. */
let known: Readonly<Record<string, string>> = {};

export const learnWords = (all: Readonly<Record<string, string>>): void => {
  known = all;
};
/** `id`: 'V1Pod', 'V1Pod.status' or 'quantity'. */
export const wordsOf = (id: string): string | undefined => (Object.hasOwn(known, id) ? known[id] : undefined);
/** Whether a command line, or a path, reads them. */
export const needsWords = (words: readonly string[]): boolean => words.some((word) => word === 'explain' || word.includes('/openapi/'));
