// A fan of quantile lines: how many points are below, how many above, and which pull decides.

import {
  checkbox,
  facts,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  presetList,
  row,
  showLine,
  slider,
} from "./controls.js";
import { editor } from "./editor.js";
import { h, memo, put, write } from "./elements.js";
import { fitQuantile, mean } from "./fits.js";
import { quantile } from "./losses.js";
import { explorer } from "./mount.js";
import { clamp, cover, frameOf, show, span } from "./numbers.js";
import { panel, pathOf } from "./panel.js";
import { residualPlot } from "./residual-plot.js";
import { rule } from "./rules.js";

const MOST = 60;
const REACH = [0.05, 0.95];
/** The levels of the fan. */
export const FAN = [0.1, 0.25, 0.5, 0.75, 0.9];

export const rules = {
  points: rule.rows(2, 2, MOST),
  marked: rule.positions,
  tau: rule.inside(0, 1),
  fan: rule.flag,
  labels: rule.texts(2),
  view: rule.ranges(2),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

const height = ({ slope, intercept }, x) => intercept + slope * x;

/** The lines of the fan by level, or null when every x is the same. */
export function fitFan(points) {
  const lines = FAN.map((tau) => fitQuantile(points, tau));
  return lines[0] && lines;
}

/** Where two lines of the fan meet inside the picture: { low, high, x, y }, levels low < high. */
export function crossings(lines, [[x0, x1], [y0, y1]]) {
  const dust = 1e-9 * Math.max(Math.abs(y0), Math.abs(y1));
  const found = [];
  for (const [i, below] of lines.entries()) {
    for (const [j, above] of lines.entries()) {
      if (j <= i) continue;
      const [left, right] = [x0, x1].map((x) => height(above, x) - height(below, x));
      // Opposite signs, by more than rounding.
      if (Math.abs(left) <= dust || Math.abs(right) <= dust || left * right > 0) continue;
      const x = x0 + (left / (left - right)) * (x1 - x0);
      const y = height(below, x);
      if (y > y0 && y < y1) found.push({ low: FAN[i], high: FAN[j], x, y, falls: right < 0 });
    }
  }
  return found;
}

/** Everything the numbers say of the line of tau. */
export function measure({ points, tau }) {
  const fit = fitQuantile(points, tau);
  const r = fit ? points.map(([x, y]) => y - height(fit, x)) : [];
  const dust = 1e-9 * Math.max(...points.map((p) => Math.abs(p[1])));
  const below = r.filter((v) => v < -dust).length;
  const above = r.filter((v) => v > dust).length;
  return { fit, r, below, above, on: r.length - below - above, target: points.length * tau };
}

/** How far to either side the right panel goes: to the last residual, unless few are far away. */
export function halfWidth(r) {
  const sizes = r.map(Math.abs).sort((a, b) => a - b);
  const largest = sizes.at(-1) ?? 0;
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
  return 1.1 * Math.min(largest, 8 * middle || largest) || 1;
}

/** What the line balances, and whether the fan is in order. */
export function verdict(state, measured, lines, met) {
  const { tau, points, fan } = state;
  const { fit, below, on, above, target } = measured;
  if (!fit) return "All points share one x, so every slope can do equally well.";
  const text = [
    `${below} of ${points.length} points lie below the line of tau = ${show(tau)}, ${on} on it, ${above} above: n tau = ${show(target)} is never less than the first number, nor more than the first two together.`,
  ];
  const ratio = tau < 0.5 ? (1 - tau) / tau : tau / (1 - tau);
  text.push(
    tau === 0.5
      ? "Both sides pull alike: this is the median line."
      : `A point ${tau < 0.5 ? "below" : "above"} pulls ${show(ratio)} times as hard as one ${tau < 0.5 ? "above" : "below"}, however far away.`,
  );
  if (fit.vertices.length > 1)
    text.push("Many lines are equally good; drawn is one in the middle.");
  if (fan && met.length === 0) text.push("No two lines of the fan cross inside the picture.");
  if (fan && met.length > 0) {
    const centre = mean(points.map((p) => p[0]));
    const { low, high, x, falls } = met.reduce((a, b) =>
      Math.abs(a.x - centre) <= Math.abs(b.x - centre) ? a : b,
    );
    const more = met.length > 1 ? `, and ${met.length - 1} more of the ten pairs cross` : "";
    text.push(
      `Lines of the fan cross inside the picture: to the ${falls ? "right" : "left"} of x = ${show(x)} the ${high} line is below the ${low} line, as quantiles cannot be${more}. At the mean of x, ${show(centre)}, they are always in order.`,
    );
  }
  return text.join(" ");
}

/** Whether two lines of the fan cross where the reader can see it. */
export function challenge({ fan }, met) {
  const pairs = met.length === 1 ? "1 pair crosses" : `${met.length || "no"} pairs cross`;
  return {
    met: fan && met.length > 0,
    now: fan ? `${pairs} inside the picture.` : "switch the whole fan on to see them.",
  };
}

// ---------------------------------------------------------------- the elements

function build(app) {
  // The slider of tau leaves the fan where it is.
  const fanned = memo(fitFan);

  // Left: the points, the line of tau, the fan.
  const scatter = panel("Points and quantile lines");
  const drawn = scatter.many(() => h("line", { class: "ex-fit ex-thin", "data-loss": "tau" }));
  const line = scatter.add("line", { class: "ex-line" });
  const names = scatter.many(() => h("text", { "text-anchor": "end" }));
  const rings = scatter.many(() => h("circle", { class: "ex-crossing", r: 6 }));
  const editing = editor(app, scatter, { most: MOST });

  // Right: the pinball loss over the residual, with the residuals as ticks.
  const plot = residualPlot("Pinball loss and the residuals");
  const curve = plot.add("path", { class: "ex-fit ex-curve", "data-loss": "tau" });

  const told = facts("slope", "intercept", "loss", "below", "on", "above", "least", "target");
  const p = (...children) => h("p", {}, ...children);
  const table = numberTable(
    "Lines of the fan",
    ["slope", "intercept"],
    ["slope", "intercept"],
    FAN.map((tau) => [tau, `tau ${tau}`]),
  );

  const data = presetList(app, rules);
  const tau = slider("Level tau", (value) => app.set({ tau: value }));
  const fan = checkbox("whole fan", (ticked) => app.set({ fan: ticked }));
  const words = narrator("Move points until two lines of the fan cross. How few must be moved?");
  const keep = keeping(app);

  app.body.append(
    row(data, fan, tau),
    h("div", { class: "ex-panels" }, scatter.el, plot.el),
    words,
    h(
      "div",
      { class: "ex-panels" },
      h(
        "div",
        { class: "ex-side" },
        p("Slope ", told.slope, ", intercept ", told.intercept, "."),
        p("Mean pinball loss ", told.loss, "."),
        p("Below ", told.below, ", on the line ", told.on, ", above ", told.above, "."),
        p(
          "Guaranteed for the number below: from n tau less those on the line, ",
          told.least,
          ", to n tau, ",
          told.target,
          ".",
        ),
      ),
      table,
    ),
    editing,
    keep,
    help(`Drag a point, or click on a free place to add one. ${keysOf("point")}`),
  );

  function drawLeft(state, { fit }, lines, met) {
    const [xs, ys] = scatter.room;
    put(line, { visibility: fit ? null : "hidden" });
    if (fit) scatter.line(line, fit);
    drawn(lines.length).forEach((el, i) => scatter.line(el, lines[i]));
    // Each name above its line, where that leaves the picture; the outer ones say enough.
    const ends = lines.map((of, i) => [FAN[i], of]).filter((_, i) => i % 2 === 0);
    names(ends.length).forEach((el, i) => {
      const [level, of] = ends[i];
      // Where the line leaves at the top or at the bottom, that is left of the edge.
      const edge = [xs[1], ...ys.map((y) => (y - of.intercept) / of.slope)].filter((x) => {
        const y = height(of, x);
        const slack = 1e-9 * (ys[1] - ys[0]);
        return x > xs[0] && x <= xs[1] && y >= ys[0] - slack && y <= ys[1] + slack;
      });
      const x = edge.length ? Math.max(...edge) : xs[1];
      const beside = scatter.y(height(of, x)) + (i === 0 ? 14 : -4);
      put(el, { x: scatter.x(x) - 4, y: clamp(beside, 12, scatter.height - 4) });
      write(el, String(level));
    });
    rings(met.length).forEach((el, i) =>
      put(el, { cx: scatter.x(met[i].x).toFixed(1), cy: scatter.y(met[i].y).toFixed(1) }),
    );
  }

  function drawRight({ tau: t, marked }, { r }) {
    const wide = halfWidth(r);
    const { rho } = quantile(t);
    const top = 1.15 * Math.max(t, 1 - t) * wide;
    // Below the curve is a lane for the ticks.
    plot.axes([-wide, wide], [-0.12 * top, top], "residual r", "rho");
    put(curve, { d: pathOf([-wide, 0, wide].map((v) => [plot.x(v), plot.y(rho(v))])) });
    plot.ticks(r, marked);
  }

  return function draw(state) {
    const lines = state.fan ? fanned(state.points) : null;
    const measured = measure(state);
    const { fit } = measured;
    const axes = frameOf(state.points, state.view);
    const met = lines ? crossings(lines, axes) : [];
    scatter.axes(...axes, ...state.labels);
    drawLeft(state, measured, lines ?? [], met);
    editing.show(state);
    drawRight(state, measured);

    for (const [i, id] of ["slope", "intercept"].entries()) {
      told[id].show(fit?.[id]);
      if (fit) write(told[id], span(fit, i));
    }
    table.hidden = !state.fan;
    FAN.forEach((level, k) => showLine(table, level, lines?.[k]));
    told.loss.show(fit?.objective);
    for (const id of ["below", "on", "above", "target"]) told[id].show(measured[id]);
    told.least.show(measured.target - measured.on);

    tau.show(state.tau, cover(REACH, [state.tau]));
    fan.show(state.fan);
    data.show(state);
    keep.show();
    words.say(verdict(state, measured, lines, met), challenge(state, met));
  };
}

export default explorer(rules, build);
