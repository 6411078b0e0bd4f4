/**
 * Columns of text as kubectl lines them up: three blanks after the widest cell, no column narrower than six, nothing after the last.
 * Upstream: k8s.io/cli-runtime pkg/printers/tabwriter.go (minwidth 6, padding 3) and tableprinter.go (v1.36). Simplified: nothing.
 */
const PADDING = 3;
const MIN_WIDTH = 6;

type Lines = readonly (readonly string[])[];

/** Of all columns but the last, not less than they were: a table that goes on keeps its columns where they are. */
export function columnWidths(lines: Lines, before: readonly number[] = []): readonly number[] {
  const widths = [...before];
  for (const line of lines)
    for (let i = 0; i < line.length - 1; i++) widths[i] = Math.max(widths[i] ?? MIN_WIDTH, widthOf(oneLine(line[i])) + PADDING);
  return widths;
}

/** Each line ends in a newline; no lines at all give ''. A cell stops at its first line break, with '...' in its place. */
export function textTable(lines: Lines, before?: readonly number[]): string {
  const cells = lines.map((line) => line.map(oneLine));
  const widths = columnWidths(lines, before);
  return cells
    .map((line) => `${line.map((cell, i) => (i === line.length - 1 ? cell : cell + ' '.repeat(widths[i] - widthOf(cell)))).join('')}\n`)
    .join('');
}

function oneLine(cell: string): string {
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? cell : `${cell.slice(0, end)}...`;
}

/** In code points, as Go's tabwriter counts. */
function widthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
