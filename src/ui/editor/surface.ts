/** What a place to type must be able to do: the plain text area that is painted first, and Monaco when it has come. */
import type { Span } from '../../api/manifest/locate.ts';
import type { Draft } from './draft-list.ts';
import type { Findings } from './language-protocol.ts';

/** Offsets, and pixels from the top. */
export interface Standing {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly left: number;
  readonly hasFocus: boolean;
}

export interface Surface {
  show(span: Span): void;
  /** As if it were typed: undo takes it back. */
  replace(span: Span, text: string): void;
  focus(): void;
}

/** An editor outside React. */
export interface Mounted extends Surface {
  setDraft(draft: Draft): void;
  setFindings(findings: Findings): void;
  setTheme(theme: 'dark' | 'light'): void;
  dispose(): void;
}

export interface MountOptions {
  readonly draft: Draft;
  readonly theme: 'dark' | 'light';
  /** Where the plain editor's user was. */
  readonly standing: Standing;
  onText(id: string, text: string): void;
  onApply(): void;
  /** Escape was pressed: Tab leaves the editor until it is used again. */
  onTabFree(isFree: boolean): void;
}
