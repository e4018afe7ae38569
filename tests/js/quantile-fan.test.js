import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  crossings,
  FAN,
  fitFan,
  halfWidth,
  measure,
  verdict,
} from "../../course_code/explorers/quantile-fan.js";
import { vectors } from "./vectors.js";

const points = (name) => vectors.sets.find((set) => set.name === name).points;
const state = (more) => ({
  points: points("the essay's clean data"),
  marked: [],
  tau: 0.9,
  fan: true,
  labels: ["x", "y"],
  view: [-1.2, 1.2, -2, 3],
  presets: [],
  ...more,
});
const said = (at) => {
  const lines = fitFan(at.points);
  const [x0, x1, y0, y1] = at.view;
  const met = lines ? crossings(lines, [at.view.slice(0, 2), [y0, y1]]) : [];
  assert.ok(met.every(({ x, y }) => x > x0 && x < x1 && y > y0 && y < y1));
  return verdict(at, measure(at), lines, met);
};

for (const { name, points: some } of vectors.sets.filter((set) => set.points.length <= 60)) {
  test(`n tau lies between those below and those below or on the line: ${name}`, () => {
    for (let tau = 0.05; tau < 1; tau += 0.05) {
      const { below, on, above, target } = measure({ points: some, tau });
      assert.equal(below + on + above, some.length);
      assert.ok(below <= target + 1e-9 && target <= below + on + 1e-9);
    }
  });
}

test("the fan is in order at the mean of x", () => {
  const { points: some } = state();
  const centre = some.reduce((sum, p) => sum + p[0], 0) / some.length;
  const heights = fitFan(some).map((line) => line.intercept + line.slope * centre);
  assert.deepEqual(
    heights,
    heights.toSorted((a, b) => a - b),
  );
  assert.equal(heights.length, FAN.length);
});

test("the sentence counts, weighs and tells of crossings", () => {
  assert.match(
    said(state()),
    /^35 of 40 points lie below the line of tau = 0\.9, 2 on it, 3 above/,
  );
  assert.match(said(state()), /n tau = 36 .* A point above pulls 9 times as hard as one below/);
  assert.match(said(state()), /to the right of x = 0\.8481 the 0\.25 line is below the 0\.1 line/);
  assert.match(said(state({ tau: 0.2 })), /A point below pulls 4 times as hard as one above/);
  assert.match(said(state({ tau: 0.5 })), /Both sides pull alike/);
  assert.doesNotMatch(said(state({ fan: false })), /fan/);
  assert.match(said(state({ view: [0, 0.1, 0, 1] })), /No two lines of the fan cross inside/);
});

test("lines that are the same, or parallel, do not cross", () => {
  assert.match(said(state({ points: points("a perfect line") })), /No two lines of the fan cross/);
});

test("ties and a missing slope are told", () => {
  const square = state({ points: points("corners of a square"), tau: 0.5 });
  assert.match(said(square), /Many lines are equally good/);
  const column = state({ points: Array.from({ length: 3 }, (_, k) => [1, k]) });
  assert.match(said(column), /^All points share one x/);
  assert.deepEqual(measure(column).r, []);
});

test("the right panel shows all residuals unless few are far away", () => {
  assert.equal(halfWidth([-2, 1, 1]), 2.2);
  assert.ok(Math.abs(halfWidth([-1, 1, 1, 100]) - 8.8) < 1e-12);
  assert.equal(halfWidth([0, 0, 0, 5]), 5.5);
  assert.deepEqual([halfWidth([]), halfWidth([0])], [1, 1]);
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    points: Array.from({ length: 61 }, (_, k) => [k, k]),
    marked: ["a"],
    tau: 1,
    fan: "yes",
    view: [0, 0, 1, 1],
    labels: undefined,
    presets: [null],
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must`));
  }
});

test("crossings meet the challenge while they can be seen", () => {
  assert.deepEqual(challenge({ fan: true }, [{}]), {
    met: true,
    now: "1 pair crosses inside the picture.",
  });
  assert.equal(challenge({ fan: true }, []).now, "no pairs cross inside the picture.");
  assert.equal(challenge({ fan: true }, []).met, false);
  assert.equal(challenge({ fan: false }, []).met, false);
});
