import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  distance,
  motion,
  runOf,
  safeOf,
  verdict,
} from "../../course_code/explorers/descent-path.js";
import { fitAll } from "../../course_code/explorers/fits.js";
import { vectors } from "./vectors.js";

const points = (name) => vectors.sets.find((set) => set.name === name).points;
const state = (more) => ({
  points: points("the essay's clean data"),
  w: 0,
  b: 0,
  loss: "squared",
  delta: 1,
  lr: 0.05,
  schedule: "constant",
  every: 500,
  epochs: 0,
  view: [-1, 3, -1, 3],
  marked: [],
  labels: ["x", "y"],
  frame: [-1, 1, -1, 3],
  presets: [],
  ...more,
});
const says = (more) => {
  const at = state(more);
  return verdict(at, runOf(at)(at.epochs), fitAll(at.points, at.delta)[at.loss]);
};

test("before the first step it says what to do", () => {
  assert.match(says({}), /^Step or run/);
});

test("a safe step converges, a long one from side to side, one beyond 2 / lambda diverges", () => {
  assert.match(says({ epochs: 100 }), /^Converging: each epoch takes off 5 %/);
  assert.match(says({ epochs: 100, lr: 0.99 }), /^Converging, crossing the valley from side to/);
  assert.match(says({ epochs: 100, lr: 1 }), /^Diverging\. The loss grows\. .* above 0\.9937/);
  assert.match(says({ epochs: 5000, lr: 5 }), /^Diverging\. Before epoch \d+ the numbers overflow/);
});

test("it arrives, and says so", () => {
  assert.match(says({ epochs: 2000 }), /^Arrived: no line has a smaller loss, to rounding\./);
});

test("absolute error slides down facets and then hops", () => {
  assert.match(says({ loss: "absolute", epochs: 2000 }), /^On a facet: the last \d+ steps/);
  const hops = says({ loss: "absolute", lr: 0.5, epochs: 2000 });
  assert.match(hops, /^Hopping: in the last 20 epochs the loss rose \d+ times\. A constant step/);
  const plan = { loss: "absolute", lr: 3, epochs: 60, schedule: "inverse_sqrt" };
  assert.match(says(plan), /^Hopping: .* The schedule shortens the hops\./);
});

test("on a level piece the pulls cancel", () => {
  const pairs = points("corners of a square");
  const at = { points: pairs, loss: "absolute", lr: 0.1, w: 0, b: 3, epochs: 200 };
  assert.match(says(at), /^Stuck on a facet: the pulls cancel/);
  assert.equal(distance(0, 0.5, fitAll(pairs, 1).absolute), undefined);
});

test("a schedule that has halved the step to nothing stops it", () => {
  assert.match(says({ schedule: "step_decay", every: 1, epochs: 200 }), /^Stopped: the steps/);
});

test("points above one another: it descends, without a best line to compare with", () => {
  const column = [
    [2, 1],
    [2, 2],
    [2, 4],
  ];
  const at = state({ points: column, epochs: 10 });
  assert.equal(fitAll(column, 1).squared, null);
  assert.equal(motion(runOf(at)(10), null).word, "converging");
  assert.equal(distance(0, 0, null), undefined);
});

test("only losses without a kink have a safe step", () => {
  assert.equal(safeOf(state({ loss: "absolute" })), null);
  assert.equal(safeOf(state({ loss: "huber" })), 2 * safeOf(state()));
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    points: [[0, 0]],
    w: "steep",
    b: NaN,
    loss: "cubed",
    delta: 0,
    lr: -1,
    schedule: "later",
    every: 0,
    epochs: 5001,
    view: [0, 0, 1, 1],
    presets: [null],
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must be`));
  }
});

test("ten epochs are enough with a good step, and not with a short one", () => {
  const tried = (more) => {
    const at = state(more);
    return challenge(runOf(at)(at.epochs), fitAll(at.points, at.delta)[at.loss]);
  };
  assert.equal(tried({}).now, "no step has been taken.");
  assert.match(tried({ epochs: 1 }).now, /^after 1 epoch 92 % is left\.$/);
  const upTo = (epochs, lr) => {
    const at = state({ lr });
    const { w, b, loss } = runOf(at)(epochs);
    return challenge({ w, b, loss: loss.slice(0, epochs + 1) }, fitAll(at.points, 1).squared);
  };
  assert.equal(upTo(10, 0.05).met, false);
  assert.equal(upTo(10, 0.75).met, true);
  assert.equal(upTo(11, 0.75).met, false);
});
