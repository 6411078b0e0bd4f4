/** Which lines of a text are new against an older one: the longest common run of lines is kept, the rest is marked. */
export interface MarkedLine {
  readonly text: string;
  readonly isFresh: boolean;
}

const MOST = 600;

export function markedLines(before: string | undefined, now: string): readonly MarkedLine[] {
  const b = now.split('\n');
  if (before === undefined || before === now) return b.map((text) => ({ text, isFresh: false }));
  const a = before.split('\n');
  if (a.length > MOST || b.length > MOST) {
    const had = new Set(a);
    return b.map((text) => ({ text, isFresh: !had.has(text) }));
  }
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
  const lines: MarkedLine[] = [];
  let [i, j] = [0, 0];
  while (j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      lines.push({ text: b[j], isFresh: false });
      i++;
      j++;
    } else if (i < a.length && common[(i + 1) * width + j] >= common[i * width + j + 1]) i++;
    else {
      lines.push({ text: b[j], isFresh: true });
      j++;
    }
  }
  return lines;
}
