import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  halfWidth,
  measure,
  reach,
  verdict,
} from "../../course_code/explorers/huber-delta.js";
import { vectors } from "./vectors.js";

const points = (name) => vectors.sets.find((set) => set.name === name).points;
const state = (more) => ({
  points: points("the essay's dirty data"),
  marked: [40, 41, 42],
  delta: 1,
  curve: "rho",
  labels: ["x", "y"],
  view: [-1.2, 1.2, -6, 24],
  presets: [],
  ...more,
});
const customary = (at) => 1.345 * measure(at).sigma;

test("the default: only the outliers are on the linear part, and still turn the line", () => {
  const at = state();
  assert.equal(measure(at).count, 3);
  assert.match(
    verdict(at),
    /Now delta is 12\.45 sigma: 3 of 43 points, all marked as outliers, are/,
  );
  assert.match(
    verdict(at),
    /The slope of the line, 1\.308, is nearer to the absolute line's, 1\.463, than/,
  );
});

test("1.345 sigma: 95 per cent, with a part of the ordinary points", () => {
  const at = state();
  at.delta = customary(at);
  assert.equal(measure(at).efficiency.toFixed(4), "0.9500");
  assert.match(verdict(at), /1\.345 sigma: 13 of 43 points, 3 of them marked, are/);
});

test("far above it is least squares, far below nearly least absolute deviations", () => {
  const above = measure(state({ delta: 100 }));
  assert.ok(Math.abs(above.fits.huber.slope - above.fits.squared.slope) < 1e-12);
  assert.match(verdict(state({ delta: 100 })), /no residual is beyond it, so this is the least-sq/);
  const below = measure(state({ delta: 1e-3 }));
  assert.ok(Math.abs(below.fits.huber.slope - below.fits.absolute.slope) < 1e-3);
  assert.match(verdict(state({ delta: 1e-3 })), /41 of 43 .* this is nearly the other end\.$/);
});

test("a residual that equals delta but for rounding is inside", () => {
  // Half of the square's corners lie above the best line, half below, all half a unit away.
  const at = state({ points: points("corners of a square"), marked: [], delta: 0.5 - 1e-12 });
  assert.equal(measure(at).count, 0);
  assert.equal(measure({ ...at, delta: 0.49 }).count, 4);
});

test("one point is told in the singular", () => {
  const line = Array.from({ length: 9 }, (_, k) => [k, (k % 3) / 10]);
  const said = verdict(state({ points: [...line, [4, 9]], marked: [9] }));
  assert.match(said, /1 of 10 points, all marked as outliers, is on the linear part\. It pulls/);
});

test("without noise there is no sigma, and without a slope no line", () => {
  const perfect = state({ points: points("a perfect line"), marked: [] });
  const { sigma, multiple, efficiency } = measure(perfect);
  assert.deepEqual([sigma, multiple, efficiency], [0, undefined, undefined]);
  assert.match(verdict(perfect), /there is no sigma\. Now delta is 1: no residual is beyond it/);
  const column = state({ points: Array.from({ length: 3 }, (_, k) => [1, k]), marked: [] });
  assert.match(verdict(column), /^All points share one x/);
  assert.equal(measure(column).count, 0);
});

test("the slider reaches from far below to far above, and holds both marks and delta", () => {
  for (const at of [state(), state({ delta: 1e-9 }), state({ delta: 1e9 })]) {
    const measured = measure(at);
    const [low, high] = reach(at, measured).map((place) => 10 ** place);
    for (const value of [1, at.delta, measured.sigma / 30, 30 * measured.sigma, 20])
      assert.ok(low <= value && value <= high);
  }
});

test("the right panel follows delta, but not to where there is nothing", () => {
  const measured = { sigma: 0.1, r: [-0.2, 0.1, 20] };
  assert.deepEqual(
    [0.01, 1, 10, 1e6].map((delta) => halfWidth(delta, measured)),
    [0.4, 1.6, 16, 40],
  );
  assert.equal(halfWidth(2, { sigma: 0, r: [0, 0] }), 2);
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    points: [[0, 0]],
    marked: ["a"],
    delta: 0,
    curve: "chi",
    view: [0, 0, 1, 1],
    labels: undefined,
    presets: [null],
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must be`));
  }
});

test("about one sigma keeps nine tenths", () => {
  const tried = (multiple) => {
    const { sigma } = measure(state());
    return challenge(measure(state({ delta: multiple * sigma })));
  };
  assert.equal(tried(1.345).met, false);
  assert.equal(tried(0.8).met, false);
  assert.equal(tried(1).met, true);
  assert.equal(tried(1).now, "1 sigma keep 90.3 %.");
  assert.match(challenge({}).now, /without a sigma/);
});
