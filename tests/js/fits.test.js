import assert from "node:assert/strict";
import test from "node:test";

import { fitAbsolute, fitAll, fitHuber, fitSquared } from "../../course_code/explorers/fits.js";
import { close, vectors } from "./vectors.js";

for (const { name, points, fits } of vectors.sets) {
  for (const { loss, delta, objective, slope, intercept } of fits) {
    test(`the best line over ${name}, ${loss} (delta ${delta}), is Python's`, () => {
      const fit = fitAll(points, delta)[loss];
      close(fit.objective, objective);
      // Where many lines tie, any of them will do; where one wins, it is this one.
      const within = (value, [low, high]) => {
        const slack = 1e-7 * Math.max(1, Math.abs(low), Math.abs(high));
        assert.ok(
          value >= low - slack && value <= high + slack,
          `${value} not in ${low} to ${high}`,
        );
      };
      within(fit.slope, slope);
      within(fit.intercept, intercept);
      if (loss === "absolute") {
        const slopes = fit.vertices.map(([b]) => b);
        close(Math.min(...slopes), slope[0], 1e-9);
        close(Math.max(...slopes), slope[1], 1e-9);
      }
    });
  }
}

test("points above one another have no best slope", () => {
  const points = [
    [1, 0],
    [1, 2],
    [1, 5],
  ];
  for (const fit of [fitSquared, fitAbsolute, (p) => fitHuber(p, 1)])
    assert.equal(fit(points), null);
});
