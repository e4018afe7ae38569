// What a loss keeps under noise of standard deviation 1; the twin of parts of course_code.influence
// and of loss_table.py. Means over the noise are integrals, by Gauss-Legendre on short panels that
// end where psi has a kink.

/** Nodes and weights on [-1, 1], by Newton's steps on the Legendre polynomial. */
function legendre(n) {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      let [before, now] = [1, x];
      for (let k = 2; k <= n; k++) {
        [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      }
      slope = (n * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}

const NODES = legendre(12);

/** The integral of f over [0, 45], with ends of panels at every unit and at `kinks`. */
export function integral(f, kinks) {
  const ends = [...Array(46).keys(), ...kinks.filter((k) => k < 45)].sort((a, b) => a - b);
  let sum = 0;
  for (let k = 1; k < ends.length; k++) {
    const half = (ends[k] - ends[k - 1]) / 2;
    for (const [x, weight] of NODES) sum += half * weight * f(ends[k - 1] + half * (1 + x));
  }
  return sum;
}

const ROOT = Math.SQRT2;

/** Density, score -f'/f and information on the centre; both have standard deviation 1. */
export const gaussian = {
  density: (r) => Math.exp((-r * r) / 2) / Math.sqrt(2 * Math.PI),
  score: (r) => r,
  information: 1,
  atQuantile(tau) {
    // P(|r| < k) = |2 tau - 1|, by Newton's steps from 0: P is concave, so they never go too far.
    const aim = Math.abs(2 * tau - 1);
    let k = 0;
    for (let step = 0; step < 60; step++) k += (aim - within(k)) / (2 * gaussian.density(k));
    return gaussian.density(k);
  },
};

export const laplace = {
  density: (r) => Math.exp(-ROOT * r) / ROOT,
  score: () => ROOT,
  information: 2,
  atQuantile: (tau) => Math.min(tau, 1 - tau) * ROOT,
};

/** P(|r| < k) under Gaussian noise: 2 phi(k) (k + k^3/3 + k^5/(3*5) + ...). */
function within(k) {
  let term = 2 * gaussian.density(k) * k;
  let sum = 0;
  for (let odd = 3; term > 1e-18; odd += 2) {
    sum += term;
    term *= (k * k) / odd;
  }
  return sum;
}

/** Efficiency of minimising a loss with an odd psi, and the mean of psi times score. */
export function efficiency({ psi }, noise, kinks) {
  const mean = (f) => 2 * integral((r) => f(r) * noise.density(r), kinks);
  const pull = mean((r) => psi(r) * noise.score(r));
  return [pull ** 2 / (mean((r) => psi(r) ** 2) * noise.information), pull];
}

/** Efficiency of the sample's tau-quantile as an estimate of the noise's, and the density there. */
export function quantileEfficiency(tau, noise) {
  const density = noise.atQuantile(tau);
  return [density ** 2 / (tau * (1 - tau) * noise.information), density];
}

/** The share of bad observations that carries the minimum of Tukey's loss away. */
export function tukeyBreakdown(c) {
  const held = (r) => (r < c ? gaussian.density(r) * (1 - (r / c) ** 2) ** 3 : 0);
  const share = 2 * integral(held, [c]);
  return share / (1 + share);
}
