import assert from "node:assert/strict";
import test from "node:test";

import { density, nllAt, noiseNamed } from "../../course_code/explorers/noise.js";
import { close, vectors } from "./vectors.js";

for (const vector of vectors.likelihoods) {
  const { noise: name, values, location, scale } = vector;
  test(`${name} of scale ${scale}, ${values.length} values about ${location}: Python's`, () => {
    const noise = noiseNamed(name);
    close(nllAt(noise, values, location, scale), vector.nll);
    values.forEach((v, k) => close(density(noise, v - location, scale), vector.density[k]));
    const loss = values.reduce((sum, v) => sum + noise.loss.rho(v - location), 0) / values.length;
    close(loss, vector.loss);
    close(noise.scaleOf(loss), vector.best_scale);
  });
}

test("a noise that is not there is not invented", () => {
  assert.equal(noiseNamed("cauchy"), undefined);
});
