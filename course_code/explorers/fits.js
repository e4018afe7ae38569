// Best lines for a few hundred points, exact to rounding; the twin of course_code.regression.fit_line.
// Each returns { slope, intercept, objective, vertices }, or null when every x is the same.

import { absolute, huber, meanLoss, quantile, squared } from "./losses.js";

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Least squares in closed form, about the means, so that a large x costs no digits. */
export function fitSquared(points) {
  const mx = mean(points.map((p) => p[0]));
  const my = mean(points.map((p) => p[1]));
  let sxx = 0;
  let sxy = 0;
  for (const [x, y] of points) {
    sxx += (x - mx) ** 2;
    sxy += (x - mx) * (y - my);
  }
  if (sxx === 0) return null;
  const slope = sxy / sxx;
  const intercept = my - slope * mx;
  return { slope, intercept, objective: meanLoss(squared, points, slope, intercept) };
}

/**
 * Least absolute deviations, or another `loss` of two straight arms. Some best line passes through two
 * of the points, so all pairs are tried; a sum that already exceeds the best is dropped. `vertices`
 * are all best lines of this kind: more than one means that every line between them is as good. The
 * line returned is their middle.
 */
export function fitAbsolute(points, loss = absolute) {
  const n = points.length;
  // Sums closer than their rounding errors count as equal.
  const dust = 1e-15 * points.reduce((sum, p) => sum + Math.abs(p[1]), 0);
  const limitOf = (sum) => sum * (1 + 1e-12) + dust;
  let least = Infinity;
  let ties = [];
  for (let i = 0; i < n; i++) {
    const [xi, yi] = points[i];
    for (let j = i + 1; j < n; j++) {
      const dx = points[j][0] - xi;
      if (dx === 0) continue;
      const slope = (points[j][1] - yi) / dx;
      const intercept = yi - slope * xi;
      const limit = limitOf(least);
      let sum = 0;
      for (let k = 0; k < n && sum <= limit; k++) {
        if (k !== i && k !== j) sum += loss.rho(points[k][1] - intercept - slope * points[k][0]);
      }
      if (sum > limit) continue;
      if (limitOf(sum) < least) ties = [];
      least = Math.min(least, sum);
      if (!ties.some((t) => near(t[0], slope) && near(t[1], intercept)))
        ties.push([slope, intercept]);
    }
  }
  if (ties.length === 0) return null;
  const slope = mean(ties.map((t) => t[0]));
  const intercept = mean(ties.map((t) => t[1]));
  const objective = meanLoss(loss, points, slope, intercept);
  return { slope, intercept, objective, vertices: ties };
}

/** The line of a quantile: least mean pinball loss, with 0 < tau < 1. */
export const fitQuantile = (points, tau) => fitAbsolute(points, quantile(tau));

const near = (a, b) => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a));

/**
 * Huber's loss. Newton's step is exact once it is known which residuals lie inside delta; where it
 * does not descend, one reweighted least-squares step does.
 */
export function fitHuber(points, delta, start = fitAbsolute(points)) {
  const loss = huber(delta);
  if (start === null) return null;
  let { slope, intercept } = start;
  let objective = meanLoss(loss, points, slope, intercept);
  for (let step = 0; step < 500; step++) {
    const inside = (r) => (Math.abs(r) <= delta ? 1 : 0);
    const reweighted = (r) => Math.min(1, delta / Math.abs(r));
    let moved = false;
    for (const weight of [inside, reweighted]) {
      const [ds, di] = weightedStep(points, slope, intercept, loss, weight);
      const next = meanLoss(loss, points, slope + ds, intercept + di);
      if (next < objective) {
        slope += ds;
        intercept += di;
        objective = next;
        moved = true;
        break;
      }
    }
    if (!moved) break;
  }
  return { slope, intercept, objective };
}

/** Solve (sum w [x, 1][x, 1]') step = sum psi(r) [x, 1], centred on the weighted mean of x. */
function weightedStep(points, slope, intercept, loss, weight) {
  let sw = 0;
  let swx = 0;
  for (const [x, y] of points) {
    const w = weight(y - intercept - slope * x);
    sw += w;
    swx += w * x;
  }
  const mx = swx / sw;
  let sxx = 0;
  let gx = 0;
  let g = 0;
  for (const [x, y] of points) {
    const r = y - intercept - slope * x;
    sxx += weight(r) * (x - mx) ** 2;
    gx += loss.psi(r) * (x - mx);
    g += loss.psi(r);
  }
  const ds = gx / sxx;
  return [ds, g / sw - ds * mx];
}

/** The best lines of the three losses, by the names that traits give them. */
export function fitAll(points, delta) {
  const least = fitAbsolute(points);
  return { squared: fitSquared(points), absolute: least, huber: fitHuber(points, delta, least) };
}
