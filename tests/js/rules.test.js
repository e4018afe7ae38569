import assert from "node:assert/strict";
import test from "node:test";

import { checkState, readState, rule } from "../../course_code/explorers/rules.js";

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

test("a key that is not of the explorer is refused", () => {
  const rules = { slope: rule.real };
  assert.deepEqual(checkState({ slope: 1 }, rules), { slope: 1 });
  assert.throws(
    () => checkState({ slope: 1, colour: 1 }, rules),
    /^Error: colour: is not part of this explorer; got 1$/,
  );
});
