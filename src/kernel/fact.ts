/**
 * What an actor decided and why, as data: narration, explanation, log line and test mark in one.
 * `says` is 'area/what-happened'; story/narration has a sentence for each. `about` is a ref such as 'pods/default/web-x7k2p'.
 */
export interface Fact {
  readonly says: string;
  readonly about?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
