/** What an actor holds inside at one moment, as tables for people. The engine makes it from the actor's real state; views and the inspector only arrange it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that were left out. */
  readonly more: number;
  /** Rows that the last beat has added or changed. */
  readonly fresh: readonly number[];
}
export interface Inside {
  readonly role: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly tables: readonly Table[];
}

const MOST_ROWS = 200;

export function table(name: string, columns: readonly string[], rows: readonly (readonly string[])[]): Table {
  return { name, columns, rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS), fresh: [] };
}

/** Marks what was not there before. */
export function freshened(now: Inside, before: Inside | undefined): Inside {
  if (!before) return now;
  return {
    ...now,
    tables: now.tables.map((t) => {
      const had = new Set(before.tables.find((b) => b.name === t.name)?.rows.map((r) => r.join('\t')));
      return { ...t, fresh: t.rows.flatMap((r, i) => (had.has(r.join('\t')) ? [] : [i])) };
    }),
  };
}

const NONE: Table = { name: '', columns: [], rows: [], more: 0, fresh: [] };
export const tableIn = (inside: Inside | undefined, name: string): Table =>
  inside?.tables.find((t) => t.name === name) ?? { ...NONE, name };
export const factIn = (inside: Inside | undefined, name: string): string => inside?.facts.find(([n]) => n === name)?.[1] ?? '';
