import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  challenge,
  measure,
  verdict,
} from "../../course_code/explorers/gradient-flow.js";

const state = (more) => ({
  residual: 2,
  losses: ["squared", "absolute", "huber"],
  delta: 1,
  tau: 0.9,
  c: 4.685,
  ...more,
});

test("the gradient is minus psi, and never minus 0", () => {
  assert.equal(measure(state(), "squared").gradient, -4);
  assert.equal(measure(state({ residual: -2 }), "huber").gradient, 1);
  assert.ok(Object.is(measure(state({ residual: 0 }), "squared").gradient, 0));
  assert.ok(Object.is(measure(state({ residual: -0 }), "absolute").psi, 0));
});

test("a kink has a set of slopes, elsewhere there is one", () => {
  assert.deepEqual(measure(state({ residual: 0 }), "absolute").kink, [-1, 1]);
  assert.deepEqual(measure(state({ residual: 0, tau: 0.25 }), "quantile").kink, [-0.75, 0.25]);
  assert.equal(measure(state(), "absolute").kink, undefined);
  assert.equal(measure(state({ residual: 0 }), "huber").kink, undefined);
});

test("it says which way and how hard, and where Huber's loss switches", () => {
  assert.match(verdict(state()), /^The prediction is 2 too low\. .* upwards: squared error 4;/);
  assert.match(verdict(state()), /Huber 1 \(beyond delta, constant\)\.$/);
  assert.match(verdict(state({ residual: -1 })), /too high\. .* Huber 1 \(exactly at delta/);
  assert.match(verdict(state({ residual: 0.5 })), /Huber 0\.5 \(within delta, r itself\)/);
  assert.match(verdict(state({ residual: 0 })), /any slope in \[\u22121, 1\] is a subgradient/);
  assert.match(verdict(state({ losses: [] })), /No loss is switched on\.$/);
});

test("Tukey's loss pulls less from c over the root of 5 on, and lets go at c", () => {
  const says = (residual) => verdict(state({ losses: ["tukey"], c: 3, residual }));
  assert.match(says(1), /Tukey 0\.7901\.$/);
  assert.match(says(2), /less for a larger r/);
  assert.match(says(-3), /Tukey 0 \(beyond c, it has let go\)/);
});

test("a state is checked before it is mounted", () => {
  explorer.check(state());
  for (const [key, value] of Object.entries({
    residual: 4.1,
    losses: ["squared", "squared"],
    delta: 0,
    tau: 1,
    c: -1,
  })) {
    const broken = () => explorer.check(state({ [key]: value }));
    assert.throws(broken, new RegExp(`^Error: ${key}: must`));
  }
  assert.throws(() => explorer.check(state({ losses: ["cubed"] })), /losses: must be different/);
});

test("squared and absolute error pull alike at one half, and cost the same at one", () => {
  const tried = (residual) => challenge(state({ residual }));
  assert.deepEqual(tried(0.5), {
    met: true,
    now: "at r = 0.5 they pull equally hard. Now find the other place.",
  });
  assert.match(tried(-1).now, /^at r = \u22121 they cost the same/);
  assert.equal(tried(0).met, false);
  assert.equal(tried(2).now, "squared error pulls with 4 and costs 4, absolute error 1 and 2.");
});
