// Target practice: move shots on a target and see what two coaches make of them.

import {
  button,
  facts,
  field,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  picker,
  presetList,
  row,
  stroke,
} from "./controls.js";
import { h, put } from "./elements.js";
import { mean } from "./fits.js";
import { lossNamed } from "./losses.js";
import { explorer } from "./mount.js";
import { cover, percent, show, snap } from "./numbers.js";
import { handles, panel } from "./panel.js";
import { rule } from "./rules.js";

const COACHES = [
  ["squared", "squared", "MSE"],
  ["absolute", "absolute", "MAE"],
];
const RINGS = 5;
const MOST = 40;
const FARTHEST = 100;
const STEP = 0.1;

export const rules = { points: rule.rows(2, 1, MOST), presets: rule.named };

// ---------------------------------------------------------------- what is shown, as pure functions

/** Everything the numbers say: a shot's error is its distance from the bullseye, in rings. */
export function measure(points) {
  const errors = points.map(([x, y]) => Math.hypot(x, y));
  const worst = errors.indexOf(Math.max(...errors));
  const measured = { errors, worst };
  for (const [name] of COACHES) {
    const costs = errors.map(lossNamed(name).rho);
    const total = costs.reduce((a, b) => a + b, 0);
    measured[name] = { costs, total, mean: mean(costs), share: costs[worst] / total };
  }
  measured.rmse = Math.sqrt(measured.squared.mean);
  measured.ratio = measured.squared.total / measured.absolute.total;
  return measured;
}

/** A share in percent with three digits; none where there is nothing to share. */
export const part = (share) => (Number.isFinite(share) ? percent(share, 3) : "none");

const rings = (distance) => `${show(distance)} ${distance === 1 ? "ring" : "rings"}`;

/** Which shot weighs most, how much with either coach, and whose total is larger. */
export function verdict({ errors, worst, squared, absolute, ratio }) {
  const far = errors[worst];
  const n = errors.length;
  if (far === 0) return "Every shot is in the bullseye. Both totals are 0, and nobody has a share.";
  const tied = errors.filter((e) => e > far * (1 - 1e-9)).length;
  const text = [];
  if (n === 1) {
    text.push(`One shot, ${rings(far)} off. It makes all of either total.`);
  } else if (tied === n) {
    text.push(
      `All ${n} shots are ${rings(far)} off. Each makes ${part(1 / n)} of either total: where errors are equal, the coaches agree on who is to blame.`,
    );
  } else {
    const [who, makes] =
      tied > 1
        ? [`Shots as far off as the worst: ${tied}, each ${rings(far)}.`, "Each makes"]
        : [`Shot ${worst + 1} is the worst, ${rings(far)} off.`, "It makes"];
    text.push(
      `${who} ${makes} ${part(squared.share)} of the squared total and ${part(absolute.share)} of the absolute one.`,
    );
  }
  if (Math.abs(ratio - 1) < 1e-9) text.push("Both totals are the same.");
  else if (ratio > 1) text.push(`The squared total is ${show(ratio)} times the absolute one.`);
  else
    text.push(
      "The squared total is the smaller one: below 1 ring, squaring makes an error cheaper.",
    );
  return text.join(" ");
}

/** A place on the grid, brought back to the edge of the target if it lies beyond. */
export function onTarget([x, y], radius = RINGS) {
  const shrink = Math.min(1, radius / Math.hypot(x, y));
  // Only a place inside is rounded: rounding could push one at the edge out again.
  return shrink < 1 ? [x * shrink, y * shrink] : [snap(x, STEP), snap(y, STEP)];
}

/**
 * Where shot n (from 0) of a fair archer lands: the same on every run, spread evenly round the
 * bullseye and, in distance, over the quantiles of a Gaussian aim.
 */
export function nextShot(n) {
  const part = ((n + 1) * 0.618034) % 1;
  const distance = 1.4 * Math.sqrt(-2 * Math.log(1 - part));
  const angle = 2.4 * n;
  return onTarget([distance * Math.cos(angle), distance * Math.sin(angle)]);
}

/** The shot at another distance, in the direction it had; upwards from the bullseye. */
export function atDistance([x, y], distance) {
  const now = Math.hypot(x, y);
  return now === 0 ? [0, distance] : [(x / now) * distance, (y / now) * distance];
}

/** Whether both totals are nearly the same, though the errors are not. */
export function challenge({ errors, ratio }) {
  const spread = Math.max(...errors) - Math.min(...errors);
  const flat = spread < 0.5 ? " The errors must differ by half a ring or more." : "";
  return {
    met: Math.abs(ratio - 1) <= 0.02 && !flat,
    now: `the squared total is ${show(ratio)} times the absolute one.${flat}`,
  };
}

// ---------------------------------------------------------------- the elements

function build(app) {
  let chosen = 0;
  let radius = RINGS;

  const target = panel("Target with shots");
  const circles = target.many(() => h("circle", { class: "ex-ring" }));
  const typical = target.many((k) =>
    h("circle", { class: "ex-typical", "data-loss": COACHES[k][0] }),
  );
  const dots = handles(target, {
    places: () => app.state.points,
    place: (px, py) => [target.x.invert(px), target.y.invert(py)],
    go: (k, to) => place(k, onTarget(to, radius)),
    step: STEP,
    choose,
    remove,
  });
  target.onclick((...to) => add(onTarget(to, radius)));

  const costs = panel("Cost of each shot with either coach");
  const bars = costs.many((k) => h("rect", { class: "ex-bar", "data-loss": COACHES[k % 2][0] }));

  const swatch = { class: "ex-bar", x: 1, y: 0.5, width: 34, height: 7 };
  const table = numberTable(
    "What the two coaches say",
    ["total", "mean", "worst shot", "its share"],
    ["total", "mean", "worst", "share"],
    COACHES.map(([name, called, short]) => [
      name,
      [stroke("rect", swatch), `${called} (${short})`],
    ]),
  );
  const told = facts("rmse", "mae", "ratio");

  const data = presetList(app, rules, "points", "shots");
  const which = picker("Shot ", choose);
  const distance = field(
    "Rings from the bullseye ",
    (value) => place(chosen, atDistance(app.state.points[chosen], Math.min(value, FARTHEST))),
    0,
  );
  const next = button("Next shot", () => add(nextShot(app.state.points.length)));
  const drop = button("Remove", () => remove(chosen));
  const words = narrator("Make both totals equal, with errors that differ.");
  const keep = keeping(app);

  app.body.append(
    row(data, next),
    h("div", { class: "ex-panels" }, target.el, costs.el),
    words,
    table,
    h(
      "p",
      {},
      "RMSE ",
      told.rmse,
      " rings (solid circle), MAE ",
      told.mae,
      " rings (dashed circle). Squared total over absolute total: ",
      told.ratio,
      ".",
    ),
    h("fieldset", { class: "ex-row" }, h("legend", {}, "Shots"), which, distance, drop),
    keep,
    help(`Drag a shot, or click on the target to add one. ${keysOf("shot")}`),
  );

  function place(k, point) {
    app.set({ points: app.state.points.with(k, point) });
  }

  function choose(k) {
    chosen = k;
    draw(app.state);
  }

  function add(point) {
    const { points } = app.state;
    if (points.length >= MOST) return;
    chosen = points.length;
    app.set({ points: [...points, point] });
  }

  function remove(k) {
    const { points } = app.state;
    if (points.length < 2) return;
    chosen = Math.min(k, points.length - 2);
    app.set({ points: points.filter((_, i) => i !== k) });
  }

  function draw(state) {
    const { points } = state;
    const measured = measure(points);
    const { errors, worst, squared } = measured;
    const n = points.length;
    chosen = Math.min(chosen, n - 1);

    // Nine digits: a shot brought back to the edge may be beyond it by its rounding.
    radius = cover(
      [0, RINGS],
      errors.map((e) => Number(e.toPrecision(9))),
    )[1];
    const wide = (radius * target.width) / target.height;
    target.axes([-wide, wide], [-radius, radius], "rings", "rings");
    const round = (el, r) =>
      put(el, { cx: target.x(0), cy: target.y(0), r: (r * target.height) / (2 * radius) });
    circles(RINGS).forEach((el, k) => round(el, (radius * (k + 1)) / RINGS));
    const typically = [measured.rmse, measured.absolute.mean];
    typical(2).forEach((el, k) => round(el, typically[k]));
    dots.show(chosen, (k) => ({
      odd: n > 1 && k === worst,
      label: `Shot ${k + 1} of ${n}`,
      value: errors[k],
      text: `${rings(errors[k])} from the bullseye`,
    }));

    const most = Math.max(squared.costs[worst], errors[worst]);
    costs.axes([0.5, Math.max(n, 6) + 0.5], cover([0, 1], [1.05 * most]), "shot", "cost");
    const width = 0.4 * (costs.x(2) - costs.x(1));
    bars(2 * n).forEach((el, i) => {
      const k = Math.floor(i / 2);
      const y = costs.y(measured[COACHES[i % 2][0]].costs[k]);
      put(el, { x: costs.x(k + 1) - (i % 2 ? 0 : width), y, width, height: costs.height - y });
    });

    for (const [name] of COACHES) {
      const coach = measured[name];
      table.show(name, "total", coach.total);
      table.show(name, "mean", coach.mean);
      table.show(name, "worst", coach.costs[worst]);
      table.show(name, "share", coach.share, part(coach.share));
    }
    told.rmse.show(typically[0]);
    told.mae.show(typically[1]);
    told.ratio.show(measured.ratio);

    data.show(state);
    which.show(chosen, n);
    distance.show(errors[chosen]);
    next.disabled = n >= MOST;
    drop.disabled = n < 2;
    keep.show();
    words.say(verdict(measured), challenge(measured));
  }
  return draw;
}

export default explorer(rules, build);
