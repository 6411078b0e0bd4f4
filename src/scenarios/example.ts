/** A manifest to begin with, and what must become true of it: every one is applied to the real engine in a test. */
export interface Example {
  readonly title: string;
  readonly about: string;
  readonly manifest: string;
  /** `after`: a kubectl command; `shows`: what its output must match, as a regular expression. */
  readonly becomes: readonly { readonly after: string; readonly shows: string }[];
}
