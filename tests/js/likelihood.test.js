import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  bestLocations,
  challenge,
  identity,
  measure,
  verdict,
} from "../../course_code/explorers/likelihood.js";
import { close } from "./vectors.js";

const state = (more) => ({
  values: [1, 2, 3, 4, 20],
  noise: "gaussian",
  location: 3,
  scale: 2,
  labels: ["y"],
  view: [-5, 25],
  presets: [],
  ...more,
});

test("the mean is best for Gaussian noise, every median for Laplace noise", () => {
  assert.deepEqual(bestLocations("gaussian", [1, 2, 3, 4, 20]), [6, 6]);
  assert.deepEqual(bestLocations("laplace", [20, 2, 3, 4, 1]), [3, 3]);
  assert.deepEqual(bestLocations("laplace", [4, 1, 7, 2]), [2, 4]);
});

test("the identity's two terms add up, and the formula has the numbers in it", () => {
  for (const noise of ["gaussian", "laplace"]) {
    const at = state({ noise });
    const measured = measure(at);
    const { constant, spread, here } = measured;
    close(constant + spread, here.nll);
    const wanted =
      noise === "gaussian"
        ? [2.5 * Math.log(8 * Math.PI), (5 * 59) / 8]
        : [5 * Math.log(4), (5 * 4.2) / 2];
    close(constant, wanted[0]);
    close(spread, wanted[1]);
    assert.ok(identity(at, measured)[1].includes(noise === "gaussian" ? "· 59 /" : "· 4.2 /"));
  }
});

test("the sentence says where the least is, and which value pulls", () => {
  const up = verdict(state());
  assert.match(up, /^−ℓ is 5\.625 above its least .* goes up to the mean\. .* narrower/);
  assert.match(up, /The value 20 alone makes 98 % of the sum of squares\.$/);
  assert.match(verdict(state({ location: 6 })), /^The location is the mean/);
  assert.match(verdict(state({ noise: "laplace" })), /^The location is the median, /);
  assert.match(verdict(state({ noise: "laplace", location: 9 })), /goes down to the median\./);
});

test("between two middle values all are as likely", () => {
  const four = { noise: "laplace", values: [1, 2, 4, 7] };
  for (const location of [2, 2.5, 4])
    assert.match(verdict(state({ ...four, location })), /every place from 2 to 4/);
  assert.match(verdict(state({ ...four, location: 4.1 })), /down to the medians/);
});

test("it says whether the scale fits", () => {
  assert.match(verdict(state({ scale: Math.sqrt(59) })), /best one here, σ = √MSE/);
  assert.match(verdict(state({ scale: 9, noise: "laplace" })), /wider .* b is above MAE/);
  const same = verdict(state({ values: [3, 3, 3] }));
  assert.match(same, /Every value is the location: the smaller the scale, the better\.$/);
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    values: [1],
    noise: "cauchy",
    location: null,
    scale: 0,
    labels: [],
    view: [3, 3],
    presets: [{}],
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must be`));
  }
  assert.throws(() => explorer.check(state({ values: "many" })), /^Error: values: must be/);
});

test("the challenge is met where the mean is a median", () => {
  assert.deepEqual(challenge(state()), { met: false, now: "the mean is 6, the median 3." });
  assert.equal(challenge(state({ values: [1, 2, 3, 4, 5] })).met, true);
  assert.deepEqual(challenge(state({ values: [0, 2, 4, 5] })), {
    met: true,
    now: "the mean is 2.75, the median 2 to 4.",
  });
});
