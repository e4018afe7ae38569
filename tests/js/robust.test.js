import assert from "node:assert/strict";
import test from "node:test";

import { fitEnds } from "../../course_code/explorers/huber-delta.js";
import { gaussianEfficiency, MAD_TO_SD, noiseScale } from "../../course_code/explorers/robust.js";
import { close, vectors } from "./vectors.js";

for (const { k, value } of vectors.efficiencies) {
  test(`the efficiency at ${k} sigma is Python's`, () => {
    close(gaussianEfficiency(k), value);
  });
}

test("the efficiency has its limits and no gap where the sum ends", () => {
  close(gaussianEfficiency(1e-200), 2 / Math.PI);
  close(gaussianEfficiency(9), gaussianEfficiency(9 + 1e-9));
  close(gaussianEfficiency(1e300), 1);
});

test("the scale is the median absolute residual in standard deviations", () => {
  assert.equal(noiseScale([-3, 1, 2]), 2 * MAD_TO_SD);
});

for (const { name, points, sigma } of vectors.sets) {
  test(`sigma over ${name} is Python's`, () => {
    close(fitEnds(points).sigma, sigma, 1e-11);
  });
}
