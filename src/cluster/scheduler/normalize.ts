/** Brings scores to 0–100, highest first or reversed. Upstream: plugins/helper/normalize_score.go (v1.36). Simplified: nothing. */
export function normalizeDefault(scores: readonly number[], isReversed: boolean): readonly number[] {
  const most = Math.max(0, ...scores);
  if (most === 0) return scores.map((score) => (isReversed ? 100 : score));
  return scores.map((score) => { const scaled = Math.floor((100 * score) / most); return isReversed ? 100 - scaled : scaled; });
}
