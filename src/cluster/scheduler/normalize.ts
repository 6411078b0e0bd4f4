/** Brings scores to 0–100, highest first or reversed. Upstream: plugins/helper/normalize_score.go (v1.36). Simplified: nothing. */
export function normalizeDefault(scores: readonly number[], isReversed: boolean): readonly number[] {
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  if (most === 0) return isReversed ? scores.map(() => 100) : scores;
  return scores.map((score) => {
    const scaled = Math.floor((100 * score) / most);
    return isReversed ? 100 - scaled : scaled;
  });
}
