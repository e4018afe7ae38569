import assert from "node:assert/strict";
import test from "node:test";

import explorer, {
  atDistance,
  challenge,
  measure,
  nextShot,
  onTarget,
  part,
  verdict,
} from "../../course_code/explorers/target-practice.js";
import { close } from "./vectors.js";

const up = (...distances) => distances.map((d) => [0, d]);
const said = (...distances) => verdict(measure(up(...distances)));

test("ten reps: the totals, means and shares of the chapter", () => {
  const { squared, absolute, worst, rmse, ratio } = measure(up(...Array(9).fill(0.1), 4));
  assert.equal(worst, 9);
  close(squared.total, 16.09);
  close(absolute.total, 4.9);
  close(squared.mean, 1.609);
  close(absolute.mean, 0.49);
  close(rmse, Math.sqrt(1.609));
  close(ratio, 16.09 / 4.9);
  close(squared.share, 16 / 16.09);
  close(absolute.share, 4 / 4.9);
});

test("an error is a distance, whatever its direction", () => {
  assert.deepEqual(
    measure([
      [3, 4],
      [-4, 3],
    ]).errors,
    [5, 5],
  );
});

test("it says who is worst and what that one makes", () => {
  assert.equal(
    said(1, 1, 1, 4),
    "Shot 4 is the worst, 4 rings off. It makes 84.2 % of the squared total and 57.1 % of the absolute one. The squared total is 2.714 times the absolute one.",
  );
  assert.match(said(2, 2, 2), /^All 3 shots are 2 rings off\. Each makes 33\.3 % of either/);
  assert.match(
    said(1, 3, 3),
    /^Shots as far off as the worst: 2, each 3 rings\. Each makes 47\.4 %/,
  );
});

test("below one ring the squared total is the smaller one; at one both are the same", () => {
  assert.match(said(0.5, 0.2), /squaring makes an error cheaper\.$/);
  assert.match(said(1, 1, 0), /Both totals are the same\.$/);
  assert.match(said(1), /^One shot, 1 ring off\. It makes all of either total/);
});

test("with every shot in the bullseye nobody has a share", () => {
  const { squared, ratio } = measure(up(0, 0));
  assert.equal(part(squared.share), "none");
  assert.ok(Number.isNaN(ratio));
  assert.match(said(0, 0), /^Every shot is in the bullseye/);
});

test("the next shots are on the target, apart, and the same each time", () => {
  const shots = Array.from({ length: 40 }, (_, n) => nextShot(n));
  const { errors } = measure(shots);
  assert.ok(Math.max(...errors) <= 5 + 1e-9);
  assert.ok(Math.max(...errors) > 2.5);
  assert.ok(Math.min(...errors) < 0.7);
  assert.equal(new Set(shots.map(String)).size, 40);
  assert.deepEqual(nextShot(7), shots[7]);
});

test("a place is rounded inside and brought back to the edge from outside", () => {
  assert.deepEqual(onTarget([1.234, -0.06]), [1.2, -0.1]);
  assert.deepEqual(onTarget([0, 0]), [0, 0]);
  const [x, y] = onTarget([30, 40]);
  close(x, 3);
  close(y, 4);
});

test("another distance keeps the direction", () => {
  assert.deepEqual(atDistance([0, 0], 2), [0, 2]);
  assert.deepEqual(atDistance([3, 4], 10), [6, 8]);
  assert.deepEqual(atDistance([3, 4], 0), [0, 0]);
});

test("a state is checked before it is mounted", () => {
  const state = { points: up(1), presets: [] };
  explorer.check(state);
  for (const [key, value] of [
    ["points", []],
    ["points", Array(41).fill([0, 0])],
    ["points", [[0, null]]],
    ["points", "far"],
    ["presets", [null]],
  ]) {
    assert.throws(
      () => explorer.check({ ...state, [key]: value }),
      new RegExp(`^Error: ${key}: must`),
    );
  }
});

test("equal totals count where the errors differ", () => {
  const tried = (...distances) => challenge(measure(up(...distances)));
  // 1/4 + 9/4 = 2.5 against 1/2 + 3/2 = 2; with one at .25 too it is 2.5625 against 2.25.
  assert.deepEqual(tried(0.5, 1.5), {
    met: false,
    now: "the squared total is 1.25 times the absolute one.",
  });
  assert.equal(tried(0.5, 0.5, 1.366).met, true);
  assert.match(tried(1, 1, 1).now, /1 times the absolute one\. The errors must differ/);
  assert.equal(tried(1, 1, 1).met, false);
  assert.equal(tried(0).met, false);
});
