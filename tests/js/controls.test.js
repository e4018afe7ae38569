import assert from "node:assert/strict";
import test from "node:test";

import { steer } from "../../course_code/explorers/controls.js";

const ranges = [
  [0, 10],
  [-4, 4],
];
const to = (key, place, more = {}) => steer({ key, ...more }, place, ranges);

test("arrows go by a step, with Shift and by page ten times as far", () => {
  assert.deepEqual(to("ArrowRight", [5, 0]), [5.05, 0]);
  assert.deepEqual(to("ArrowUp", [5, 0]), [5, 0.02]);
  assert.deepEqual(to("ArrowLeft", [5, 0], { shiftKey: true }), [4.5, 0]);
  assert.deepEqual(to("PageDown", [5, 0]), [5, -0.2]);
  assert.deepEqual(steer({ key: "ArrowDown" }, [1, 1], ranges, 0.1), [1, 0.9]);
});

test("Home and End go to the edges, and nothing goes beyond them", () => {
  assert.deepEqual(to("Home", [5, 1]), [0, 1]);
  assert.deepEqual(to("End", [5, 1]), [10, 1]);
  assert.deepEqual(to("ArrowUp", [5, 3.999]), [5, 4]);
  assert.deepEqual(to("ArrowRight", [30, 0]), [10, 0]);
});

test("what has one number moves along it with every key", () => {
  assert.deepEqual(to("ArrowUp", [5]), [5.05]);
  assert.deepEqual(to("PageUp", [5]), [5.5]);
});

test("other keys, and those with Ctrl, are left alone", () => {
  assert.equal(to("Tab", [5, 0]), null);
  assert.equal(to("ArrowUp", [5, 0], { ctrlKey: true }), null);
});
