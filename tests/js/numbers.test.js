import assert from "node:assert/strict";
import test from "node:test";

import {
  clamp,
  cover,
  frameOf,
  niceStep,
  onGrid,
  percent,
  scale,
  show,
  snap,
  span,
  ticks,
} from "../../course_code/explorers/numbers.js";

test("steps are 1, 2 or 5 times a power of ten, and not below what was asked", () => {
  const asked = [0.0007, 0.001, 0.013, 0.3, 1, 1.1, 4.9, 6, 99];
  assert.deepEqual(asked.map(niceStep), [0.001, 0.001, 0.02, 0.5, 1, 2, 5, 10, 100]);
});

test("snapping leaves no binary dust", () => {
  assert.equal(snap(0.30000000000000004, 0.1), 0.3);
  assert.equal(snap(-1.24999, 0.05), -1.25);
});

test("a range is widened only where a value asks for it", () => {
  assert.deepEqual(cover([0, 10], [3, 10]), [0, 10]);
  assert.deepEqual(cover([0, 10], [12.1]), [0, 14]);
  assert.deepEqual(cover([0, 10], [-0.3]), [-2, 10]);
});

test("numbers are shown short, with a true minus and no minus zero", () => {
  assert.equal(show(1234.5678), "1235");
  assert.equal(show(-0.123456), "\u22120.1235");
  assert.equal(show(-0), "0");
  assert.equal(show(undefined), "none");
  assert.equal(show(Infinity), "none");
});

test("all digits before the point are shown, and a power of ten for what is very large or small", () => {
  assert.equal(show(299_852.4), "299852");
  assert.equal(show(12_345_678), "1.235\u00a0\u00d7\u00a010\u2077");
  assert.equal(show(-2e12), "\u22122\u00a0\u00d7\u00a010\u00b9\u00b2");
  assert.equal(show(0.00012345), "0.0001234");
  assert.equal(show(-1e-300), "\u22121\u00a0\u00d7\u00a010\u207b\u00b3\u2070\u2070");
});

test("a share is told in percent, to the digits that were asked for", () => {
  assert.equal(percent(0.2249), "22 %");
  assert.equal(percent(0.99446, 3), "99.4 %");
});

test("ticks of everyday axes are numbers; of large and small ones a unit is taken out", () => {
  const texts = (range) => [
    ticks(range)[0]
      .map(([, text]) => text)
      .join(" "),
    ticks(range)[1],
  ];
  assert.deepEqual(texts([-1, 1]), ["\u22121 \u22120.5 0 0.5 1", ""]);
  assert.deepEqual(texts([1950, 1973]), ["1950 1955 1960 1965 1970", ""]);
  assert.deepEqual(texts([0, 200_000]), ["0 50 100 150 200", "thousands"]);
  assert.deepEqual(texts([-3e6, 3e6]), ["\u22123 \u22122 \u22121 0 1 2 3", "millions"]);
  assert.deepEqual(texts([299_800, 299_900]), [
    "299.8 299.82 299.84 299.86 299.88 299.9",
    "thousands",
  ]);
  assert.deepEqual(texts([0, 2e14]), ["0 50 100 150 200", "10\u00b9\u00b2"]);
  assert.deepEqual(texts([0, 0.004]), ["0 1 2 3 4", "thousandths"]);
  assert.deepEqual(
    ticks([0, 200_000])[0].map(([value]) => value),
    [0, 50_000, 100_000, 150_000, 200_000],
  );
});

test("a frame holds the view and all points", () => {
  const points = [
    [0, 5],
    [14, 0],
  ];
  assert.deepEqual(frameOf(points, [0, 10, 0, 10]), [
    [0, 14],
    [0, 10],
  ]);
});

test("a place on the grid is inside the range", () => {
  assert.equal(onGrid(3.14159, [0, 10]), 3.15);
  assert.equal(onGrid(99, [0, 10]), 10);
});

test("a line's coefficient is one number, or two where lines tie", () => {
  assert.equal(span({ slope: 2, intercept: 1 }, 0), "2");
  const vertices = [
    [1, 0],
    [3, 0],
  ];
  assert.equal(span({ slope: 2, intercept: 0, vertices }, 0), "1 to 3");
  assert.equal(span({ slope: 2, intercept: 0, vertices }, 1), "0");
});

test("a scale undoes itself", () => {
  const y = scale([-4, 12], [300, 0]);
  assert.equal(y(-4), 300);
  assert.equal(y(12), 0);
  assert.ok(Math.abs(y.invert(y(3.7)) - 3.7) < 1e-12);
  assert.equal(clamp(7, 0, 5), 5);
});
