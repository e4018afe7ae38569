import assert from "node:assert/strict";
import test from "node:test";

import { descend, safeStep, schedules } from "../../course_code/explorers/descent.js";
import { lossNamed } from "../../course_code/explorers/losses.js";
import { close, vectors } from "./vectors.js";

const points = (name) => vectors.sets.find((set) => set.name === name).points;

for (const run of vectors.descents) {
  const { set, loss, delta, lr, schedule, every, w, b, epochs, finite, rows } = run;
  test(`descent over ${set}, ${loss}, ${lr} ${schedule}, goes Python's way`, () => {
    const rate = (k) => lr * schedules[schedule](k, every);
    const upTo = descend(points(set), lossNamed(loss, delta), w, b, rate);
    // In two goes, as a run on the page is continued.
    upTo(Math.floor(epochs / 3));
    const trace = upTo(epochs);
    assert.equal(trace.loss.length, finite);
    assert.equal(trace.diverged, finite <= epochs);
    for (const row of rows) {
      close(trace.w[row.epoch], row.w);
      close(trace.b[row.epoch], row.b);
      close(trace.loss[row.epoch], row.loss);
    }
  });
}

for (const { name, points: at, safe } of vectors.sets) {
  test(`the safe steps over ${name} are Python's`, () => {
    close(safeStep(at, 2), safe.squared);
    close(safeStep(at, 1), safe.huber);
  });
}
