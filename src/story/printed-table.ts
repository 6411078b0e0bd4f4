/** Tables as kubectl prints them, read again: of each row what one reads it for. */
interface Column {
  readonly name: string;
  readonly from: number;
  readonly to: number | undefined;
}
export const isTable = (head: string): boolean => /^[A-Z]+(?:  |$)/.test(head);
/** What is under a heading begins where the heading does. */
const columnsOf = (head: string): readonly Column[] =>
  [...head.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index: from }, i, all) => ({ name, from, to: all[i + 1]?.index }));
const cell = (row: string, { from, to }: Column): string => row.slice(from, to).trim();

/** What is told of a row beside its name. */
const TOLD = /^(READY|STATUS|TYPE|CLUSTER-IP|DESIRED|DATA)$/;

export function rowsOf([head, ...rows]: readonly string[]): readonly string[] {
  const columns = columnsOf(head);
  const named = columns.find(({ name }) => name === 'NAME') ?? columns[0];
  const told = columns.filter((column) => column === named || TOLD.test(column.name));
  return rows.map((row) => told.map((column) => cell(row, column)).join(' '));
}

/** How many rows have which STATUS: '2 Running, 1 Pending'. */
export function statesOf([head, ...rows]: readonly string[]): string {
  const status = columnsOf(head).find(({ name }) => name === 'STATUS');
  if (!status || rows.length < 2) return '';
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(cell(row, status), (counts.get(cell(row, status)) ?? 0) + 1);
  return `In all: ${[...counts].map(([state, n]) => `${n} ${state}`).join(', ')}.`;
}
