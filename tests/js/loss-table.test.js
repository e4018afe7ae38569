import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  measure,
  ordered,
  shown,
  verdict,
} from "../../course_code/explorers/loss-table.js";

const state = (more) => ({
  delta: 1.345,
  c: 4.685,
  tau: 0.5,
  opened: "huber",
  sort: "none",
  ascending: false,
  ...more,
});

test("three quarters are kept under either noise by a delta between the customary and none", () => {
  const tried = (delta) => challenge(state({ delta }), measure(state({ delta })));
  assert.equal(tried(1.345).met, false);
  assert.equal(tried(0.2).met, false);
  assert.equal(tried(0.5).met, true);
  assert.equal(
    tried(0.5).now,
    "with delta 0.5 Huber's loss keeps 79.2 % (Gaussian) and 81.2 % (Laplace).",
  );
});

test("rows are sorted by a column, equals in their own order", () => {
  const numbers = measure(state());
  assert.equal(ordered(state(), numbers)[0], "squared");
  assert.equal(ordered(state({ sort: "laplace" }), numbers)[0], "absolute");
  assert.equal(ordered(state({ sort: "laplace", ascending: true }), numbers)[0], "squared");
});

test("what has no limit is said in words", () => {
  assert.equal(shown("pull", Infinity), "no limit");
  assert.equal(shown("curvature", Infinity), "a kink");
  assert.equal(shown("gaussian", 0.95), "95.0 %");
});

test("the sentence names the best under either noise and the price of the open row", () => {
  assert.match(
    verdict(state()),
    /^Under Gaussian noise squared keeps most, 100\.0 %; under Laplace noise absolute 100\.0 %\. The open row, Huber, delta 1\.345, keeps 95\.0 % and 63\.8 %/,
  );
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({ delta: 0.01, c: 100, tau: 1, opened: "all" })) {
    assert.throws(
      () => explorer.check(state({ [key]: value })),
      new RegExp(`^Error: ${key}: must`),
    );
  }
});
