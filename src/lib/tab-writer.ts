/** Elastic columns, as Go's text/tabwriter aligns them with two blanks of padding: a column is as wide as the widest cell of the lines that follow each other and have it. */
const PADDING = 2;

export function tabbed(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map((cells) => cells.slice(0, -1).map(() => 0));
  align(lines, widths, { from: 0, to: lines.length, column: 0 });
  return lines
    .map((cells, i) =>
      cells.map((cell, c) => (c < widths[i].length ? cell + ' '.repeat(Math.max(0, widths[i][c] - [...cell].length)) : cell)).join(''),
    )
    .join('\n');
}

function align(
  lines: readonly (readonly string[])[],
  widths: number[][],
  at: { readonly from: number; readonly to: number; readonly column: number },
): void {
  const { column } = at;
  for (let i = at.from; i < at.to; i++) {
    if (column >= widths[i].length) continue;
    let end = i;
    let width = 0;
    while (end < at.to && column < widths[end].length) {
      width = Math.max(width, [...lines[end][column]].length + PADDING);
      end++;
    }
    for (let k = i; k < end; k++) widths[k][column] = width;
    align(lines, widths, { ...at, from: i, to: end, column: column + 1 });
    i = end - 1;
  }
}
