// Gradient descent on a line, step by step: the twin of course_code.descent.

/** What multiplies the step size in step k = 0, 1, ...; the decay halves it after each `every` steps. */
export const schedules = {
  constant: () => 1,
  inverse_sqrt: (k) => 1 / Math.sqrt(k + 1),
  step_decay: (k, every) => 0.5 ** Math.floor(k / every),
};

/**
 * A run from the line (w, b): `upTo(epochs)` returns its arrays w, b and loss, continued if need be.
 * loss[k] belongs to (w[k], b[k]). Where numbers overflow the arrays end.
 */
export function descend(points, loss, w, b, rate) {
  const n = points.length;
  const trace = { w: [], b: [], loss: [], diverged: false };
  return function upTo(epochs) {
    while (trace.loss.length <= epochs && !trace.diverged) {
      let [sum, pull, pullX] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const r = points[i][1] - (w * points[i][0] + b);
        const psi = loss.psi(r);
        sum += loss.rho(r);
        pull += psi;
        pullX += psi * points[i][0];
      }
      trace.diverged = !Number.isFinite(sum / n);
      if (trace.diverged) break;
      trace.w.push(w);
      trace.b.push(b);
      trace.loss.push(sum / n);
      const step = rate(trace.loss.length - 1);
      w += step * (pullX / n);
      b += step * (pull / n);
    }
    return trace;
  };
}

/** 2 over the largest eigenvalue of c A'A / n, A = [x, 1], where c is the steepest slope of psi. */
export function safeStep(points, c) {
  let [xx, x] = [0, 0];
  for (const p of points) {
    xx += (p[0] * p[0]) / points.length;
    x += p[0] / points.length;
  }
  return 4 / (c * (xx + 1 + Math.hypot(xx - 1, 2 * x)));
}
