// How large ordinary residuals are, and what protection costs; the twin of parts of
// course_code.robust and course_code.influence.

import { median } from "./leverage.js";

/** 1.4826...: the standard deviation of Gaussian noise over its median absolute deviation. */
export const MAD_TO_SD = 1.482602218505602;

/** 1.4826 times the median absolute residual. */
export const noiseScale = (residuals) => MAD_TO_SD * median(residuals.map(Math.abs));

/**
 * The efficiency of Huber's estimate under Gaussian noise, delta being k standard deviations: with
 * B = P(|r| < k) and V = E(r^2; |r| < k) it is B^2 / (V + k^2 (1 - B)).
 */
export function gaussianEfficiency(k) {
  // Beyond, less than 1e-16 is missing.
  if (k > 9) return 1;
  // B = 2 phi(k) (k + k^3/3 + k^5/(3*5) + ...), and V is B without the first term. All terms are
  // positive: no digit cancels. Both are kept over k, and so hold for the smallest k too.
  const first = Math.sqrt(2 / Math.PI) * Math.exp((-k * k) / 2);
  let rest = 0;
  let term = first;
  for (let odd = 3; term > 1e-17 * (first + rest); odd += 2) {
    term *= (k * k) / odd;
    rest += term;
  }
  const inside = first + rest;
  return Math.min(1, inside ** 2 / (rest / k + 1 - k * inside));
}
