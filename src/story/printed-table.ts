/** What kubectl prints, read again: what it says now, and of each row of its tables what one reads it for. */
import type { Fact } from '../kernel/fact.ts';

/** All, or what was not told before. */
export function saidIn({ with: words = {} }: Fact): string {
  const chunks = words.printed as readonly { readonly to: string; readonly text: string }[] | undefined;
  const said = (to: string): string =>
    chunks
      ?.filter((chunk) => chunk.to === to)
      .map(({ text }) => text)
      .join('') ?? String(words[to]);
  return said('stdout') || said('stderr');
}

interface Column {
  readonly name: string;
  readonly from: number;
  readonly to: number | undefined;
}
export const isTable = (text: string): boolean => /^[A-Z]+(?:  |\n|$)/.test(text);
/** The lines of each: between two is an empty one. */
const tablesIn = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n\n')
    .map((table) => table.split('\n'));
/** What is under a heading begins where the heading does. */
const columnsOf = (head: string): readonly Column[] =>
  [...head.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index: from }, i, all) => ({ name, from, to: all[i + 1]?.index }));
const cell = (row: string, { from, to }: Column): string => row.slice(from, to).trim();

/** What is told of a row beside its name. */
const TOLD = /^(READY|STATUS|TYPE|CLUSTER-IP|DESIRED|DATA)$/;

export const rowsOf = (text: string): readonly string[] =>
  tablesIn(text).flatMap(([head, ...rows]) => {
    const columns = columnsOf(head);
    const named = columns.find(({ name }) => name === 'NAME') ?? columns[0];
    const told = columns.filter((column) => column === named || TOLD.test(column.name));
    return rows.map((row) => told.map((column) => cell(row, column)).join(' '));
  });

/** How many rows have which STATUS: '2 Running, 1 Pending'; '' where there is none, or only one row. */
export function statesOf(text: string): string {
  const states = tablesIn(text).flatMap(([head, ...rows]) => {
    const status = columnsOf(head).find(({ name }) => name === 'STATUS');
    return status ? rows.map((row) => cell(row, status)) : [];
  });
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return states.length < 2 ? '' : `In all: ${[...counts].map(([state, n]) => `${n} ${state}`).join(', ')}.`;
}
