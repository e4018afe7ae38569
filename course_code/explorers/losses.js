// The JavaScript twin of course_code.losses: the same functions of a residual r = y_true - y_pred.
// tests/js compares both on shared vectors to 1e-12.

export const squared = { rho: (r) => r * r, psi: (r) => 2 * r };

export const absolute = { rho: Math.abs, psi: Math.sign };

export const huber = (delta) => ({
  rho: (r) => (Math.abs(r) <= delta ? (r * r) / 2 : delta * (Math.abs(r) - delta / 2)),
  psi: (r) => Math.min(Math.max(r, -delta), delta),
});

// Nothing overflows for large residuals and nothing cancels for small ones.
export const logCosh = {
  rho(r) {
    const a = Math.abs(r);
    return a < 1
      ? Math.log1p(2 * Math.sinh(a / 2) ** 2)
      : a - Math.LN2 + Math.log1p(Math.exp(-2 * a));
  },
  psi: Math.tanh,
};

export const quantile = (tau) => ({
  rho: (r) => Math.max(tau * r, (tau - 1) * r),
  psi: (r) => (r > 0 ? tau : r < 0 ? tau - 1 : 0),
});

export const tukey = (c) => {
  const share = (r) => Math.min((r / c) ** 2, 1);
  return {
    rho(r) {
      const u = share(r);
      return c * ((c / 6) * (u * (3 - u * (3 - u))));
    },
    psi: (r) => r * (1 - share(r)) ** 2,
  };
};

/** The loss a trait names: "squared", "absolute" or "huber" (which alone has a delta). */
export const lossNamed = (name, delta) => ({ squared, absolute, huber: huber(delta) })[name];

/** Mean loss of the line y = intercept + slope x over points [[x, y], ...]. */
export function meanLoss(loss, points, slope, intercept) {
  let sum = 0;
  // By index, three times as fast as by destructuring: this is the inner loop of every surface.
  for (let k = 0; k < points.length; k++) {
    sum += loss.rho(points[k][1] - intercept - slope * points[k][0]);
  }
  return sum / points.length;
}
