import assert from "node:assert/strict";
import test from "node:test";

import { levels, loops, sample } from "../../course_code/explorers/contours.js";

const N = 41;
const grid = (f) => sample(f, [-2, 2], [-2, 2], N, N);
const toPlane = ([i, j]) => [-2 + (4 * i) / (N - 1), -2 + (4 * j) / (N - 1)];

function area(loop) {
  let twice = 0;
  loop.forEach(([x, y], k) => {
    const [u, v] = loop[(k + 1) % loop.length];
    twice += x * v - u * y;
  });
  return Math.abs(twice) / 2;
}

test("a bowl gives one circle", () => {
  const found = loops(
    grid((x, y) => x * x + y * y),
    N,
    N,
    1,
  );
  assert.equal(found.length, 1);
  const circle = found[0].map(toPlane);
  for (const [x, y] of circle) assert.ok(Math.abs(Math.hypot(x, y) - 1) < 0.005);
  assert.ok(Math.abs(area(circle) - Math.PI) < 0.01);
});

test("two wells give two loops, a saddle between them none", () => {
  const wells = grid((x, y) => Math.min((x - 1) ** 2, (x + 1) ** 2) + y * y);
  assert.equal(loops(wells, N, N, 0.25).length, 2);
  assert.equal(loops(wells, N, N, 1.5).length, 1);
});

test("corners that touch diagonally stay apart", () => {
  assert.equal(loops([0, 1, 1, 0], 2, 2, 0.5).length, 2);
  assert.equal(loops([1, 0, 0, 1], 2, 2, 0.5).length, 2);
});

test("a region cut by the border is closed along it", () => {
  const [half] = loops(
    grid((x) => x),
    N,
    N,
    0,
  );
  assert.ok(Math.abs(area(half.map(toPlane)) - 8) < 0.01);
  const [all] = loops(
    grid(() => 0),
    N,
    N,
    1,
  );
  assert.ok(Math.abs(area(all.map(toPlane)) - 16) < 0.01);
});

test("below the minimum there is nothing", () => {
  assert.deepEqual(
    loops(
      grid((x, y) => x * x + y * y),
      N,
      N,
      -1,
    ),
    [],
  );
});

test("levels climb in equal steps between the least and the greatest value", () => {
  assert.deepEqual(levels([0, 8, 4], 4), [1, 3, 5, 7]);
});
