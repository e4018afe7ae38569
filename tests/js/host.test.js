import assert from "node:assert/strict";
import test from "node:test";

import { changes, fromLink, plainModel } from "../../course_code/explorers/host.js";

test("a plain model gets, sets, and tells its listeners until they leave", () => {
  const model = plainModel({ slope: 1 });
  let heard = 0;
  const listener = () => heard++;
  model.on("change:slope", listener);
  model.set("slope", 2);
  model.set("slope", 2);
  model.set("intercept", 5);
  assert.equal(model.get("slope"), 2);
  assert.equal(heard, 1);
  model.off("change:slope", listener);
  model.set("slope", 3);
  assert.equal(heard, 1);
});

test("a model does not write into the state it was made from", () => {
  const state = { slope: 1 };
  plainModel(state).set("slope", 2);
  assert.equal(state.slope, 1);
});

const start = { slope: 1, points: [[0, 0]], loss: "squared" };
const accept = () => true;

test("a link carries what changed, and only that", () => {
  const model = plainModel(start);
  assert.deepEqual(changes(start, model), {});
  model.set("points", [[0, 0]]);
  model.set("slope", -0.5);
  const changed = changes(start, model);
  assert.deepEqual(changed, { slope: -0.5 });
  const hash = `#explorer-loss-surface=${encodeURIComponent(JSON.stringify(changed))}`;
  assert.deepEqual(fromLink(hash, "explorer-loss-surface", accept), changed);
});

test("another figure's link, a heading's or none changes nothing", () => {
  for (const hash of [
    "",
    "#losses",
    "#explorer-loss-surface-2=%7B%7D",
    "#explorer-loss-surface=",
  ]) {
    assert.deepEqual(fromLink(hash, "explorer-loss-surface", accept), {});
  }
});

test("a link that cannot be read is told apart from none", () => {
  const refuse = () => {
    throw new Error("slope: must be a finite number");
  };
  for (const text of ["%", "%7B", "%7B%22slope%22%3A", "3", "null", "%22a%22", "[1]"]) {
    assert.equal(fromLink(`#explorer-a=${text}`, "explorer-a", accept), null);
  }
  assert.equal(fromLink("#explorer-a=%7B%7D", "explorer-a", refuse), null);
});
