import assert from "node:assert/strict";
import test from "node:test";

import * as twins from "../../course_code/explorers/losses.js";
import { close, vectors } from "./vectors.js";

const { lossNamed, meanLoss } = twins;

for (const { name, delta, r, rho, psi } of vectors.losses) {
  test(`${name} (delta ${delta}) has Python's rho and psi`, () => {
    const loss = lossNamed(name, delta);
    r.forEach((residual, k) => {
      close(loss.rho(residual), rho[k]);
      close(loss.psi(residual), psi[k]);
    });
  });
}

for (const { name, parameter, r, rho, psi } of vectors.others) {
  test(`${name} (${parameter}) has Python's rho and psi`, () => {
    const loss = parameter === null ? twins[name] : twins[name](parameter);
    r.forEach((residual, k) => {
      close(loss.rho(residual), rho[k]);
      close(loss.psi(residual), psi[k]);
    });
  });
}

test("log-cosh neither overflows nor cancels", () => {
  assert.ok(Math.abs(twins.logCosh.rho(1e-8) / 5e-17 - 1) < 1e-12);
  assert.equal(twins.logCosh.rho(-1000), 1000 - Math.LN2);
});

for (const { name, points, lines } of vectors.sets) {
  test(`mean losses of lines over ${name} are Python's`, () => {
    for (const { loss, delta, slope, intercept, value } of lines) {
      close(meanLoss(lossNamed(loss, delta), points, slope, intercept), value);
    }
  });
}

test("a loss that is not there is not invented", () => {
  assert.equal(lossNamed("cubed", 1), undefined);
});
