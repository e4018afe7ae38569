import assert from "node:assert/strict";
import test from "node:test";

import { leverageOf, median, pullRange } from "../../course_code/explorers/leverage.js";
import { close, vectors } from "./vectors.js";

for (const { name, points, leverages, pulls, median: middle } of vectors.sets) {
  const xs = points.map((p) => p[0]);
  test(`leverages, pulls and the median over ${name} are Python's`, () => {
    leverages.forEach((h, k) => close(leverageOf(xs, k), h));
    for (const { votes, range } of pulls) {
      const scale = xs.reduce((sum, x) => sum + Math.abs(x), 1);
      range.forEach((value, k) => close(pullRange(xs, votes)[k] / scale, value / scale));
    }
    close(median(points.map((p) => p[1])), middle);
  });
}

test("more votes than points cannot be answered", () => {
  assert.equal(pullRange([1, 2], 3), null);
  assert.deepEqual(pullRange([1, 2], -2), [-3, -3]);
});

test("nothing that is passed in is changed", () => {
  const xs = [3, 1, 2];
  pullRange(xs, 1);
  median(xs);
  assert.deepEqual(xs, [3, 1, 2]);
});
