import assert from "node:assert/strict";
import test from "node:test";

import { huber } from "../../course_code/explorers/losses.js";
import { penalty } from "../../course_code/explorers/penalties.js";

/** Twice a polygon's area, by its corners. */
const area = (corners) =>
  Math.abs(
    corners.reduce((sum, [x, y], k) => {
      const [nx, ny] = corners[(k + 1) % corners.length];
      return sum + x * ny - nx * y;
    }, 0),
  ) / 2;

test("a square's side is the residual, on either side of the line", () => {
  for (const line of [40, 160]) assert.equal(area(penalty("squared", 10, 100, line, 1, 300)), 3600);
});

test("a bar's height is the residual", () => {
  assert.equal(area(penalty("absolute", 10, 100, 40, 1, 300)), 8 * 60);
});

test("Huber's shape has rho as its area, within delta and beyond", () => {
  for (const [residual, delta] of [
    [30, 50],
    [50, 50],
    [80, 50],
    [-80, 20],
  ]) {
    const corners = penalty("huber", 10, 100, 100 + residual, delta, 300);
    assert.equal(area(corners), huber(delta).rho(residual));
  }
});

test("where there is no room to the right the shape goes to the left", () => {
  const xs = penalty("squared", 280, 100, 40, 1, 300).map(([x]) => x);
  assert.deepEqual([Math.min(...xs), Math.max(...xs)], [220, 280]);
});
