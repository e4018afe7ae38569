// Where points are, and what that does; the twin of parts of course_code.outliers.

import { mean } from "./fits.js";

/** 1/n + (x_k - mean)^2 / sum (x - mean)^2: how far the fit at point k follows its own y. */
export function leverageOf(xs, k) {
  const middle = mean(xs);
  return (
    1 / xs.length + (xs[k] - middle) ** 2 / (mean(xs.map((x) => (x - middle) ** 2)) * xs.length)
  );
}

/**
 * The least and the greatest pull, sum psi_i x_i, of points at xs whose psi, each between -1 and 1,
 * add up to `votes`; null where they cannot.
 */
export function pullRange(xs, votes) {
  const n = xs.length;
  if (Math.abs(votes) > n) return null;
  const sorted = xs.toSorted((a, b) => a - b);
  let low = 0;
  let high = 0;
  for (let k = 0; k < n; k++) {
    // The greatest pull gives psi = 1 to the points furthest right until the votes add up.
    const psi = Math.min(Math.max(votes + n - 2 * k, 0), 2) - 1;
    low += psi * sorted[k];
    high += psi * sorted[n - 1 - k];
  }
  return [low, high];
}

/** The middle value, or the middle of the two. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
