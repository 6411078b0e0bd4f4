/** Descriptions for explain, which come after the rest of kubectl. Whoever runs the command sees to it that they are here: the same session says the same. */
let known: Readonly<Record<string, string>> = {};

export const learnWords = (all: Readonly<Record<string, string>>): void => { known = all; };
/** `id`: 'V1Pod' or 'V1Pod.status'. */
export const wordsOf = (id: string): string | undefined => (Object.hasOwn(known, id) ? known[id] : undefined);
/** Whether a command line reads them. */
export const needsWords = (args: readonly string[]): boolean => args.includes('explain');
