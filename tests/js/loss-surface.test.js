import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  measure,
  verdict,
  windowOf,
} from "../../course_code/explorers/loss-surface.js";

const line = [0, 1, 2, 3, 4].map((x) => [x, 2 * x + 1]);
const state = (more) => ({
  points: line,
  slope: 2,
  intercept: 1,
  loss: "squared",
  delta: 1,
  compare: false,
  marked: [],
  labels: ["x", "y"],
  view: [0, 5, 0, 10],
  presets: [],
  ...more,
});
const says = (more) => verdict(state(more), measure(state(more)));

test("at the best line it says so", () => {
  assert.equal(says(), "No line has a smaller mean squared error on these points.");
});

test("beside a perfect line there is no ratio to give", () => {
  assert.match(
    says({ intercept: 2 }),
    /^Your line's mean squared error is 1\. Another line passes through every point\./,
  );
});

test("near and far are said in percent and in times", () => {
  const points = [
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
  ];
  // Least squares has slope .2, intercept .2 and mean squared error .2.
  assert.match(says({ points, slope: 0.2, intercept: 0.3 }), /is 5 % above the least possible/);
  assert.match(says({ points, slope: 0.2, intercept: 1.2 }), /is 6 times the least possible/);
});

test("one point that makes much of the loss is named, with its share of the other loss", () => {
  const points = [
    [0, 1],
    [1, 0],
    [2, 1],
    [3, 9],
  ];
  const at = { points, slope: 0, intercept: 0 };
  assert.match(says(at), /Point 4 alone makes 98 % of it; it makes 82 % of the absolute loss\./);
  assert.match(
    says({ ...at, loss: "absolute" }),
    /makes 82 % of it; it makes 98 % of the squared loss/,
  );
});

test("shared loss is said to be shared", () => {
  assert.match(says({ intercept: 3 }), /No single point makes more than 20 % of it\./);
});

test("ties of the absolute loss are told", () => {
  const points = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const at = { points, slope: 0, intercept: 0.5, loss: "absolute" };
  assert.match(says(at), /No line has a smaller mean absolute error/);
  assert.match(says(at), /a whole range of slopes from \u22121 to 1 shares it/);
});

test("points above one another have no best line, and it says why", () => {
  const points = [
    [1, 0],
    [1, 2],
  ];
  assert.match(says({ points, slope: 0, intercept: 0 }), /^All points share one x/);
});

test("the window holds the current line, and the best lines with a margin", () => {
  const view = [0, 10, 0, 10];
  const line = { slope: 0, intercept: 5 };
  const near = windowOf(view, line, [{ slope: 1, intercept: 2 }]);
  assert.deepEqual(near, { slopes: [-2, 2], intercepts: [0, 10] });
  const far = windowOf(view, line, [{ slope: 7.3, intercept: -40 }]);
  assert.ok(far.slopes[0] === -2 && far.slopes[1] > 7.4);
  assert.ok(far.intercepts[0] < -40.4 && far.intercepts[1] === 10);
  // A line at the edge stays there: no margin that would run away from the hand.
  const edge = windowOf(view, { slope: 2, intercept: 10 }, []);
  assert.deepEqual(edge, near);
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    points: Array(10_000).fill([0, 0]),
    slope: "steep",
    intercept: NaN,
    loss: "cubed",
    delta: 0,
    view: [0, 0, 1, 1],
    labels: undefined,
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must be`));
  }
});

test("a line is near all three losses at once, or told how far it is from each", () => {
  const tried = (more) => challenge(measure(state(more)));
  assert.equal(tried().met, true);
  assert.match(
    tried({ intercept: 2 }).now,
    /squared \u221e, absolute \u221e, Huber \u221e times the least\.$/,
  );
  const points = [
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
  ];
  const far = tried({ points, slope: 0.2, intercept: 1.2 });
  assert.equal(far.met, false);
  assert.match(far.now, /^squared 6, absolute .* times the least\.$/);
});
