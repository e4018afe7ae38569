import assert from "node:assert/strict";
import test from "node:test";

import { memo } from "../../course_code/explorers/elements.js";
import { history } from "../../course_code/explorers/mount.js";

test("a gesture is undone as one, two gestures one by one", () => {
  const past = history();
  past.keep("points", "start", 0);
  past.keep("points", "dragged", 300);
  past.keep("points", "further", 700);
  past.keep("slope", "then", 800);
  past.keep("slope", "later", 2000);
  assert.equal(past.length, 3);
  assert.deepEqual([past.back(), past.back(), past.back()], ["later", "then", "start"]);
  assert.equal(past.back(), undefined);
});

test("what follows an undo is a gesture of its own", () => {
  const past = history();
  past.keep("points", "start", 0);
  past.back();
  past.keep("points", "start", 100);
  assert.equal(past.length, 1);
});

test("only so many gestures are kept", () => {
  const past = history(2);
  for (const k of [1, 2, 3]) past.keep("points", k, 1000 * k);
  assert.deepEqual([past.length, past.back(), past.back()], [2, 3, 2]);
});

test("a memo computes anew when an argument differs, not when it is a copy", () => {
  let calls = 0;
  const sum = memo((values) => {
    calls += 1;
    return values.reduce((a, b) => a + b, 0);
  });
  assert.deepEqual([sum([1, 2]), sum([1, 2]), sum([1, 3])], [3, 3, 4]);
  assert.equal(calls, 2);
});
