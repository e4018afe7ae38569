import assert from "node:assert/strict";
import test from "node:test";

import {
  arrow,
  clamp,
  cover,
  niceStep,
  readState,
  rule,
  scale,
  show,
  snap,
} from "../../course_code/explorers/kit.js";

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
  assert.equal(show(-1e-300), "\u22121e\u2212300".replace("e\u2212", "e-"));
  assert.equal(show(undefined), "none");
  assert.equal(show(Infinity), "none");
});

test("a scale undoes itself", () => {
  const y = scale([-4, 12], [300, 0]);
  assert.equal(y(-4), 300);
  assert.equal(y(12), 0);
  assert.ok(Math.abs(y.invert(y(3.7)) - 3.7) < 1e-12);
  assert.equal(clamp(7, 0, 5), 5);
});

test("arrow keys point, Shift goes ten times as far, other keys are left alone", () => {
  assert.deepEqual(arrow({ key: "ArrowUp", shiftKey: false }), [0, 1]);
  assert.deepEqual(arrow({ key: "ArrowLeft", shiftKey: true }), [-10, 0]);
  assert.equal(arrow({ key: "Tab", shiftKey: false }), null);
});

const read = (check, value) => readState(() => value, { it: check });

for (const [what, check, good, bad] of [
  ["a number", rule.real, [0, -2.5], [NaN, Infinity, "1", null, undefined, [1]]],
  ["a positive number", rule.positive, [0.1], [0, -1, "1", NaN]],
  ["a flag", rule.flag, [true, false], [0, "true", null]],
  ["a word", rule.oneOf(["a", "b"]), ["a"], ["c", 1, null]],
  ["a count", rule.count(0, 7), [0, 7], [-1, 8, 0.5, "0", null]],
  ["positions", rule.positions, [[], [0, 3]], [[-1], [0.5], ["0"], "0", null]],
  ["texts", rule.texts(2), [["x", "y"]], [["x"], ["x", 1], "xy"]],
  ["named objects", rule.named, [[], [{ name: "a" }]], [[{}], [null], {}]],
  [
    "ranges",
    rule.ranges(2),
    [[0, 1, -1, 1]],
    [
      [0, 1],
      [1, 0, 0, 1],
      [0, 1, 2, 2],
      [0, 1, 0, NaN],
    ],
  ],
  [
    "rows",
    rule.rows(2, 2, 3),
    [
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [[[0, 1]], Array(4).fill([0, 1]), [[0, 1], [2]], [[0, 1], null], "points", undefined],
  ],
]) {
  test(`the rule for ${what} takes the good and names the rule to the bad`, () => {
    for (const value of good) assert.deepEqual(read(check, value), { it: value });
    for (const value of bad)
      assert.throws(() => read(check, value), /^Error: it: must be .*; got /s);
  });
}

test("what came is quoted in short", () => {
  const long = "x".repeat(10_000);
  assert.throws(
    () => read(rule.real, long),
    (error) => error.message.length < 120,
  );
});
