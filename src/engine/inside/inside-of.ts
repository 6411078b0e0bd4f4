/** How a role's state is laid open. One file a role in this folder; the registry finds it. */
import type { Component } from '../../kernel/component.ts';
import type { Inside } from '../../story/inside.ts';

/** The state that a component keeps. */
export type StateOf<C> = C extends Component<infer S, never> ? S : never;
export interface InsideOf<S> {
  readonly role: string;
  readonly look: (state: S, now: number) => Omit<Inside, 'role'>;
}

export const seconds = (us: number): string => `${(us / 1e6).toFixed(us < 10_000_000 ? 1 : 0)} s`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The same as lines, of which a table's are one deeper: what `inspect` of the engine as a library says. */
export interface Row {
  readonly name: string;
  readonly value: string;
  readonly rows?: readonly Row[];
}
export const rowsOf = ({ facts, tables }: Pick<Inside, 'facts' | 'tables'>): readonly Row[] => [
  ...facts.map(([name, value]) => ({ name, value })),
  ...tables.map((t) => ({
    name: t.name,
    value: String(t.rows.length + t.more),
    rows: t.rows.map(([name = '', ...rest]) => ({ name, value: rest.join(' · ') })),
  })),
];
