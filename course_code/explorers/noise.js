// The JavaScript twin of course_code.noise: -log p(r) = exponent(r) + logNormaliser, all constants kept.
// tests/js compares both on shared vectors to 1e-12.

import { absolute, squared } from "./losses.js";

const gaussian = {
  loss: squared,
  exponent: (r, scale) => (r / scale) ** 2 / 2,
  logNormaliser: (scale) => Math.log(scale) + Math.log(2 * Math.PI) / 2,
  scaleOf: Math.sqrt,
};

const laplace = {
  loss: absolute,
  exponent: (r, scale) => Math.abs(r / scale),
  logNormaliser: (scale) => Math.log(scale) + Math.LN2,
  scaleOf: (loss) => loss,
};

/** The noise a trait names; `scaleOf(mean loss)` is its most likely scale. */
export const noiseNamed = (name) => ({ gaussian, laplace })[name];

export const density = (noise, r, scale) =>
  Math.exp(-noise.exponent(r, scale) - noise.logNormaliser(scale));

/** The negative log-likelihood of values about a location: a sum, not a mean. */
export function nllAt(noise, values, location, scale) {
  let sum = 0;
  for (const value of values) sum += noise.exponent(value - location, scale);
  return sum + values.length * noise.logNormaliser(scale);
}
