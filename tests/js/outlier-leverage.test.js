import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  displaced,
  measure,
  moved,
  verdict,
} from "../../course_code/explorers/outlier-leverage.js";
import { vectors } from "./vectors.js";

const points = (name) => vectors.sets.find((set) => set.name === name).points;
const clean = points("the essay's clean data");
const state = (more) => ({
  points: clean,
  marked: [],
  chosen: 0,
  together: false,
  delta: 1,
  labels: ["x", "y"],
  view: [-2, 6, -6, 24],
  presets: [],
  ...more,
});
const add = (...outliers) =>
  state({
    points: [...clean, ...outliers],
    marked: outliers.map((_, k) => clean.length + k),
    chosen: clean.length,
  });
const ways = (at) =>
  ["squared", "absolute", "huber"].map((name) => moved(measure(at), name)).join(", ");

test("without marks it says how to begin", () => {
  assert.match(verdict(state()), /^No point is marked .* slopes are 1\.514, 1\.548 and 1\.514\./);
});

test("three above on the left: distance turns the squared line, votes hold the absolute one", () => {
  const at = state({ points: points("the essay's dirty data"), marked: [40, 41, 42], chosen: 40 });
  assert.equal(ways(at), "follows, holds, leans towards");
  const said = verdict(at);
  assert.match(said, /^Squared error follows the 3 outliers; Huber's loss leans towards them; abs/);
  assert.match(said, /from the left: the slope goes from 1\.514 to \u22121\.975\./);
  assert.match(said, /can hold their pull, so the absolute line stays within bounds/);
});

test("in the middle the line is moved and hardly turned", () => {
  const said = verdict(add([-0.1, 20], [0, 20], [0.1, 20]));
  assert.match(said, /near the middle of x: the line is moved, and hardly turned\./);
});

test("far to the side all three follow, and the balance breaks where the chapter says", () => {
  assert.equal(ways(add([20, -20])), "follows, follows, follows");
  assert.match(verdict(add([20, -20])), /cannot hold its pull, so the absolute line must go to it/);
  assert.match(verdict(add([20, -20])), /Point 41 hides: with leverage 0\.9753 only 2\.5 %/);
  assert.equal(measure(add([16, -20])).held, true);
  assert.equal(measure(add([17, -20])).held, false);
});

test("a remote point where the others lead to does no harm", () => {
  const at = add([20, 30.8]);
  assert.equal(ways(at), "holds, holds, holds");
  assert.match(verdict(at), /It lies where the other points lead to: leverage alone does no harm/);
});

test("up and down on both sides is said so", () => {
  assert.match(verdict(add([-1, -20], [1, 20])), /from both sides/);
});

test("more outliers than the others can answer", () => {
  const at = state({ marked: clean.map((_, k) => k).slice(3) });
  const [a, b, c] = [clean[0], clean[1], clean[2]];
  const odd = clean.slice(3).map(([x]) => [x, 90]);
  const measured = measure({ ...at, points: [a, b, c, ...odd] });
  assert.deepEqual([measured.reach, measured.held], [null, false]);
});

test("points above one another, marked or not, are told", () => {
  const column = [
    [1, 0],
    [1, 2],
    [1, 5],
  ];
  assert.match(verdict(state({ points: column })), /^All points share one x/);
  const rest = state({ points: [...column, [2, 9]], marked: [3] });
  assert.match(verdict(rest), /^The points that are not marked share one x/);
});

test("a moved point is marked; together, all marked ones move and stay in view", () => {
  const four = [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
  ];
  const at = { points: four, marked: [1], together: false, view: [0, 4, 0, 4] };
  assert.deepEqual(displaced(at, 0, [0, 2]), { points: four.with(0, [0, 2]), marked: [1, 0] });
  assert.deepEqual(displaced(at, 1, [0, 2]).marked, [1]);
  const both = { ...at, marked: [1, 3, 9], together: true };
  const next = displaced(both, 1, [4, 0.5]);
  assert.deepEqual(next, {
    points: [
      [0, 0],
      [2, 0.5],
      [2, 2],
      [4, 2.5],
    ],
  });
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    points: Array(10_000).fill([0, 0]),
    marked: ["a"],
    chosen: -1,
    together: 1,
    delta: 0,
    view: [0, 0, 1, 1],
    labels: undefined,
    presets: [null],
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must be`));
  }
});

test("one outlier far enough to the side meets the challenge, others do not", () => {
  const tried = (at) => challenge(measure(at));
  assert.match(tried(state()).now, /^the slope is 1\.548 with 0 outliers\.$/);
  assert.equal(tried(add([0, 20])).met, false);
  assert.match(tried(add([0, 20])).now, /with 1 outlier\.$/);
  const far = tried(add([20, -20]));
  assert.equal(far.met, true);
  assert.match(
    far.now,
    /^one outlier at x = 20 makes the slope .* pulls with \u221220; the votes of the others can hold only/,
  );
  assert.equal(tried(add([20, -20], [21, -20])).met, false);
  const above = state({
    points: [
      [1, 0],
      [1, 2],
    ],
  });
  assert.deepEqual(tried(above), { met: false, now: "there is no line." });
});
