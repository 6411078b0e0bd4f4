/** Reads the text of an awk program. */

/** Where it is in the text; `wrong`: where it could not go on. */
export interface Reader {
  readonly text: string;
  at: number;
  wrong?: string;
  /** In the words of `print` > is no comparison. */
  isPrinting?: boolean;
}

export const skip = (r: Reader): void => {
  r.at += /^(?:[ \t]|\\\n)*(?:#.*)?/.exec(r.text.slice(r.at))?.[0].length ?? 0;
};
export const gap = (r: Reader): void => {
  for (let was = -1; was !== r.at;) {
    was = r.at;
    skip(r);
    if (/[\n;]/.test(r.text[r.at] ?? '')) r.at++;
  }
};
/** What is next, where it is like that; it is read then. */
export function eats(r: Reader, like: RegExp): string | undefined {
  skip(r);
  const [found] = like.exec(r.text.slice(r.at)) ?? [];
  if (found !== undefined) r.at += found.length;
  return found;
}
export function needs(r: Reader, like: RegExp): void {
  if (eats(r, like) !== undefined) return;
  r.wrong ??= 'syntax error';
  r.at = r.text.length;
}
