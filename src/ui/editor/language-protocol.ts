/** What the editor asks its language worker, and what it hears. */
import type { Completion } from '../../api/manifest/complete.ts';
import type { Hover } from '../../api/manifest/hover.ts';
import type { Mark } from '../../api/manifest/marks.ts';
import type { Diagnostic } from '../../api/manifest/parse.ts';

export type Question =
  | { readonly do: 'check'; readonly text: string }
  | { readonly do: 'complete' | 'hover'; readonly text: string; readonly offset: number }
  | { readonly do: 'describe'; readonly field: string };
export interface Findings {
  readonly problems: readonly Diagnostic[];
  /** Accepted, not simulated. */
  readonly marks: readonly Mark[];
  readonly objects: number;
}
export interface Answers {
  readonly check: Findings;
  readonly complete: Completion | undefined;
  readonly hover: Hover | undefined;
  readonly describe: string;
}
export interface Asked {
  readonly id: number;
  readonly question: Question;
}
export interface Answered {
  readonly id: number;
  readonly answer: Answers[Question['do']];
}
