// Target practice: move shots on a target and see what two coaches make of them.

import { mean } from "./fits.js";
import {
  announcer,
  arrow,
  button,
  cover,
  draggable,
  explorer,
  fact,
  h,
  keeping,
  numberTable,
  panel,
  pool,
  presetList,
  put,
  rule,
  show,
  snap,
  write,
} from "./kit.js";
import { lossNamed } from "./losses.js";

const COACHES = [
  ["squared", "squared", "MSE"],
  ["absolute", "absolute", "MAE"],
];
const RINGS = 5;
const MOST = 40;
const FAR = 100;
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

/** A share in percent with three digits. */
export const percent = (share) =>
  Number.isFinite(share) ? `${show(Number((100 * share).toPrecision(3)))} %` : "none";

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
      `All ${n} shots are ${rings(far)} off. Each makes ${percent(1 / n)} of either total: where errors are equal, the coaches agree on who is to blame.`,
    );
  } else {
    const [who, makes] =
      tied > 1
        ? [`Shots as far off as the worst: ${tied}, each ${rings(far)}.`, "Each makes"]
        : [`Shot ${worst + 1} is the worst, ${rings(far)} off.`, "It makes"];
    text.push(
      `${who} ${makes} ${percent(squared.share)} of the squared total and ${percent(absolute.share)} of the absolute one.`,
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

// ---------------------------------------------------------------- the elements

function build(app) {
  let chosen = 0;
  let axes;
  let radius = RINGS;

  const target = panel("Target with shots");
  const circles = pool(target.area.appendChild(h("g")), () => h("circle", { class: "ex-ring" }));
  const typical = pool(target.area.appendChild(h("g")), (k) =>
    h("circle", { class: "ex-typical", "data-loss": COACHES[k][0] }),
  );
  const dots = pool(target.front, (k) => {
    const dot = h(
      "g",
      {
        class: "ex-dot",
        role: "slider",
        onfocus: () => choose(k),
        onkeydown: (event) => key(event, k),
      },
      h("circle", { class: "ex-touch", r: 18 }),
      h("path"),
    );
    return draggable(
      dot,
      target,
      (px, py) => move(k, [axes.x.invert(px), axes.y.invert(py)]),
      (px, py) => {
        const away = app.state.points.map(([x, y]) => Math.hypot(axes.x(x) - px, axes.y(y) - py));
        return dots(away.length)[away.indexOf(Math.min(...away))];
      },
    );
  });

  const costs = panel("Cost of each shot with either coach");
  const bars = pool(costs.area.appendChild(h("g")), (k) =>
    h("rect", { class: "ex-bar", "data-loss": COACHES[k % 2][0] }),
  );

  const sample = () =>
    h(
      "svg",
      { class: "ex-sample", viewBox: "0 0 36 12", "aria-hidden": "true" },
      h("rect", { class: "ex-bar", x: 1, y: 1, width: 34, height: 10 }),
    );
  const table = numberTable(
    "What the two coaches say",
    ["total", "mean", "worst shot", "its share"],
    ["total", "mean", "worst", "share"],
    COACHES.map(([name, called, short]) => [name, [sample(), `${called} (${short})`]]),
  );
  const facts = Object.fromEntries(["rmse", "mae", "ratio"].map((id) => [id, fact(id)]));

  const data = presetList(app, rules);
  const which = h("select", { onchange: () => choose(Number(which.value)) });
  const numbers = pool(which, (k) => h("option", { value: k }, String(k + 1)));
  const distance = h("input", {
    type: "number",
    min: 0,
    max: FAR,
    step: "any",
    onchange: () => {
      const value = distance.valueAsNumber;
      if (value >= 0) place(chosen, atDistance(app.state.points[chosen], Math.min(value, FAR)));
    },
  });
  const next = button("Next shot", () => {
    const { points } = app.state;
    chosen = points.length;
    app.set({ points: [...points, nextShot(points.length)] });
  });
  const drop = button("Remove", () => remove(chosen));
  const words = h("p", { class: "ex-verdict" });
  const spoken = announcer();

  app.body.append(
    h("div", { class: "ex-row" }, data, next, ...keeping(app)),
    h("div", { class: "ex-panels" }, target.el, costs.el),
    words,
    spoken,
    table,
    h(
      "p",
      {},
      "RMSE ",
      facts.rmse,
      " rings (solid circle), MAE ",
      facts.mae,
      " rings (dashed circle). Squared total over absolute total: ",
      facts.ratio,
      ".",
    ),
    h(
      "fieldset",
      { class: "ex-row" },
      h("legend", {}, "Shots"),
      h("label", {}, "Shot ", which),
      h("label", {}, "Rings from the bullseye ", distance),
      drop,
    ),
    h(
      "p",
      { class: "ex-help" },
      "Drag a shot. Keys: arrows move the shot that has the focus (Shift: ten steps), N and P go to the next and previous shot, Delete removes it.",
    ),
  );

  function key(event, k) {
    const step = arrow(event);
    const hop = { n: 1, p: -1 }[event.key.toLowerCase()];
    const { points } = app.state;
    if (step !== null) {
      move(k, [points[k][0] + step[0] * STEP, points[k][1] + step[1] * STEP]);
    } else if (hop) {
      dots(points.length)[(k + hop + points.length) % points.length].focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove(k);
      dots(app.state.points.length)[chosen].focus();
    } else return;
    event.preventDefault();
  }

  function move(k, to) {
    place(k, onTarget(to, radius));
  }

  function place(k, point) {
    app.set({ points: app.state.points.with(k, point) });
  }

  function choose(k) {
    chosen = k;
    draw(app.state);
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
    axes = target.axes([-wide, wide], [-radius, radius], "rings", "rings");
    const round = (el, r) =>
      put(el, { cx: axes.x(0), cy: axes.y(0), r: (r * target.height) / (2 * radius) });
    circles(RINGS).forEach((el, k) => round(el, (radius * (k + 1)) / RINGS));
    const [rmse, mae] = [measured.rmse, measured.absolute.mean];
    [rmse, mae].forEach((r, k) => round(typical(2)[k], r));
    dots(n).forEach((dot, k) => {
      const [x, y] = points[k];
      const odd = n > 1 && k === worst;
      put(dot, {
        transform: `translate(${axes.x(x)} ${axes.y(y)})`,
        class: `ex-dot${odd ? " ex-outlier" : ""}${k === chosen ? " ex-chosen" : ""}`,
        tabindex: k === chosen ? 0 : -1,
        "aria-label": `Shot ${k + 1} of ${n}`,
        "aria-valuenow": errors[k],
        "aria-valuemin": 0,
        "aria-valuemax": radius,
        "aria-valuetext": `${rings(errors[k])} from the bullseye`,
      });
      // The worst differs in shape, not only in colour.
      put(dot.lastChild, { d: odd ? "M0-7L7 0L0 7L-7 0Z" : "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1-5 0Z" });
    });

    const most = Math.max(squared.costs[worst], errors[worst]);
    const scales = costs.axes(
      [0.5, Math.max(n, 6) + 0.5],
      cover([0, 1], [1.05 * most]),
      "shot",
      "cost",
    );
    const width = 0.4 * (scales.x(2) - scales.x(1));
    bars(2 * n).forEach((el, i) => {
      const k = Math.floor(i / 2);
      const top = scales.y(measured[COACHES[i % 2][0]].costs[k]);
      const left = scales.x(k + 1) - (i % 2 ? 0 : width);
      put(el, { x: left, y: top, width, height: costs.height - top });
    });

    for (const [name] of COACHES) {
      const coach = measured[name];
      table.show(name, "total", coach.total);
      table.show(name, "mean", coach.mean);
      table.show(name, "worst", coach.costs[worst]);
      table.show(name, "share", coach.share, percent(coach.share));
    }
    facts.rmse.show(rmse);
    facts.mae.show(mae);
    facts.ratio.show(measured.ratio);

    data.show(state);
    numbers(n);
    which.value = chosen;
    if (document.activeElement !== distance) distance.value = Number(errors[chosen].toPrecision(4));
    next.disabled = n >= MOST;
    drop.disabled = n < 2;
    const text = verdict(measured);
    write(words, text);
    spoken.say(text);
  }
  return draw;
}

export default explorer(rules, build);
