/** What one fact says to people: a title of at most twenty words, and why. Both are built from the fact of this very run. */
import type { Fact } from '../kernel/fact.ts';

export interface Sentence {
  readonly title: (w: Words, fact: Fact) => string;
  readonly why?: (w: Words, fact: Fact) => string;
  /** Whether it is told as a beat of its own; by default it is. */
  readonly isTold?: (w: Words) => boolean;
  /** The page of the official documentation that says so. */
  readonly doc: string;
  /** The part of the story it belongs to. */
  readonly act: Act | ((w: Words) => Act);
  /** What is folded: 'siblings', the same said at the same time of another object ("×3"); 'latest', updates of one object in quick succession, of which the last is told. */
  readonly folds?: 'siblings' | 'latest';
  /** Siblings say the same only when these words agree too. */
  readonly alike?: (w: Words) => string;
  /** Of siblings folded into one beat, those that are best seen: the first of them lends the beat its words. */
  readonly leads?: (w: Words, fact: Fact) => boolean;
  /** How many siblings are told before the others are folded; by default one. */
  readonly tells?: number;
}
export type Act = 1 | 2 | 3 | 4 | 5;
export type Sentences = Readonly<Record<string, Sentence>>;
export interface Words {
  readonly text: (name: string) => string;
  readonly number: (name: string) => number;
  readonly list: (name: string) => readonly unknown[];
}

export const wordsOf = (fact: Fact): Words => ({
  text: (name) => String(fact.with?.[name] ?? ''),
  number: (name) => Number(fact.with?.[name] ?? 0),
  list: (name) => (Array.isArray(fact.with?.[name]) ? (fact.with[name] as readonly unknown[]) : []),
});
