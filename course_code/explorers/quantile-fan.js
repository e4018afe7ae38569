// A fan of quantile lines: how many points are below, how many above, and which pull decides.

import { editor } from "./editor.js";
import { fitQuantile, mean } from "./fits.js";
import {
  announcer,
  cover,
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
  slider,
  span,
  write,
} from "./kit.js";
import { quantile } from "./losses.js";

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

/** What the axes hold: the view, widened to all points. */
const frame = ({ points, view }) =>
  [0, 1].map((axis) =>
    cover(
      view.slice(2 * axis, 2 * axis + 2),
      points.map((p) => p[axis]),
    ),
  );

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

// ---------------------------------------------------------------- the elements

function build(app) {
  let key = "";
  let lines;

  // Left: the points, the line of tau, the fan.
  const scatter = panel("Points and quantile lines");
  const drawn = pool(scatter.area.appendChild(h("g")), () =>
    h("line", { class: "ex-fit ex-thin", "data-loss": "tau" }),
  );
  const line = scatter.area.appendChild(h("line", { class: "ex-line" }));
  const names = pool(scatter.area.appendChild(h("g")), () => h("text", { "text-anchor": "end" }));
  const rings = pool(scatter.area.appendChild(h("g")), () =>
    h("circle", { class: "ex-crossing", r: 6 }),
  );
  // The editor adds points up to the limit of the other explorers; here it is lower.
  const set = (changes) => (changes.points?.length ?? 0) <= MOST && app.set(changes);
  const editing = editor(Object.create(app, { set: { value: set } }), scatter);

  // Right: the pinball loss over the residual, with the residuals as ticks.
  const plot = panel("Pinball loss and the residuals");
  const curve = plot.area.appendChild(h("path", { class: "ex-fit ex-curve", "data-loss": "tau" }));
  const ticks = pool(plot.area.appendChild(h("g")), () => h("line"));
  const beyond = pool(plot.area.appendChild(h("g")), (i) =>
    h("text", {
      x: i ? plot.width - 4 : 4,
      y: plot.height - 20,
      "text-anchor": i ? "end" : "start",
    }),
  );

  const facts = Object.fromEntries(
    ["slope", "intercept", "loss", "below", "on", "above", "least", "target"].map((id) => [
      id,
      fact(id),
    ]),
  );
  const table = numberTable(
    "Lines of the fan",
    ["slope", "intercept"],
    ["slope", "intercept"],
    FAN.map((tau) => [tau, `tau ${tau}`]),
  );

  const data = presetList(app, rules);
  const tau = slider("Level tau", (value) => app.set({ tau: value }));
  const fan = h("input", {
    type: "checkbox",
    onchange: () => app.set({ fan: fan.checked }),
  });
  const words = h("p", { class: "ex-verdict" });
  const spoken = announcer();

  app.body.append(
    h("div", { class: "ex-row" }, data, h("label", {}, fan, "whole fan"), tau),
    h("div", { class: "ex-panels" }, scatter.el, plot.el),
    words,
    spoken,
    h(
      "div",
      { class: "ex-panels" },
      h(
        "div",
        { class: "ex-side" },
        h("p", {}, "Slope ", facts.slope, ", intercept ", facts.intercept, "."),
        h("p", {}, "Mean pinball loss ", facts.loss, "."),
        h("p", {}, "Below ", facts.below, ", on the line ", facts.on, ", above ", facts.above, "."),
        h(
          "p",
          {},
          "Guaranteed for the number below: from n tau less those on the line, ",
          facts.least,
          ", to n tau, ",
          facts.target,
          ".",
        ),
      ),
      table,
    ),
    editing,
    h("div", { class: "ex-row" }, ...keeping(app)),
    h(
      "p",
      { class: "ex-help" },
      "Drag a point. Keys: arrows move the slider or the point that has the focus (with Shift ten steps), N and P go to the next and the previous point, Delete removes it.",
    ),
  );

  function drawLeft(state, { fit }, met, [xs, ys]) {
    const axes = scatter.axes(xs, ys, ...state.labels);
    const draw = (el, of) => {
      const at = (x) => axes.y(height(of, x)).toFixed(1);
      put(el, { x1: 0, x2: scatter.width, y1: at(xs[0]), y2: at(xs[1]) });
    };
    put(line, { visibility: fit ? null : "hidden" });
    if (fit) draw(line, fit);
    const shown = state.fan && lines ? lines : [];
    drawn(shown.length).forEach((el, i) => draw(el, shown[i]));
    // Each name above its line, where that leaves the picture; the outer ones say enough.
    const ends = shown.map((of, i) => [FAN[i], of]).filter((_, i) => i % 2 === 0);
    names(ends.length).forEach((el, i) => {
      const [level, of] = ends[i];
      // Where the line leaves at the top or at the bottom, that is left of the edge.
      const edge = [xs[1], ...ys.map((y) => (y - of.intercept) / of.slope)].filter((x) => {
        const y = height(of, x);
        const slack = 1e-9 * (ys[1] - ys[0]);
        return x > xs[0] && x <= xs[1] && y >= ys[0] - slack && y <= ys[1] + slack;
      });
      const x = edge.length ? Math.max(...edge) : xs[1];
      put(el, {
        x: axes.x(x) - 4,
        y: Math.min(Math.max(axes.y(height(of, x)) + (i === 0 ? 14 : -4), 12), scatter.height - 4),
      });
      write(el, String(level));
    });
    rings(met.length).forEach((el, i) =>
      put(el, { cx: axes.x(met[i].x).toFixed(1), cy: axes.y(met[i].y).toFixed(1) }),
    );
    return axes;
  }

  function drawRight({ tau: t, marked }, { r }) {
    const wide = halfWidth(r);
    const { rho } = quantile(t);
    const top = 1.15 * Math.max(t, 1 - t) * wide;
    // Below the curve is a lane for the ticks.
    const { x, y } = plot.axes([-wide, wide], [-0.12 * top, top], "residual r", "rho");
    const corners = [-wide, 0, wide].map((v) => `${x(v).toFixed(1)} ${y(rho(v)).toFixed(1)}`);
    put(curve, { d: `M${corners.join("L")}` });
    ticks(r.length).forEach((el, k) => {
      const odd = marked.includes(k);
      const place = x(r[k]).toFixed(1);
      put(el, {
        class: `ex-tick${odd ? " ex-odd" : ""}`,
        x1: place,
        x2: place,
        y1: plot.height,
        y2: plot.height - (odd ? 16 : 11),
        visibility: Math.abs(r[k]) > wide ? "hidden" : null,
      });
    });
    const out = [r.filter((v) => v < -wide).length, r.filter((v) => v > wide).length];
    beyond(2).forEach((el, i) => {
      const arrow = i ? `${out[1]} more \u2192` : `\u2190 ${out[0]} more`;
      write(el, out[i] > 0 ? arrow : "");
    });
  }

  return function draw(state) {
    // The slider of tau leaves the fan where it is.
    const now = state.fan && JSON.stringify(state.points);
    if (now && now !== key) {
      key = now;
      lines = fitFan(state.points);
    }
    const measured = measure(state);
    const { fit } = measured;
    const axes = frame(state);
    const met = state.fan && lines ? crossings(lines, axes) : [];
    editing.show(state, drawLeft(state, measured, met, axes));
    drawRight(state, measured);

    for (const [i, id] of ["slope", "intercept"].entries()) {
      facts[id].show(fit?.[id]);
      if (fit) write(facts[id], span(fit, i));
      table.hidden = !state.fan;
      if (!state.fan) continue;
      for (const [k, level] of FAN.entries()) {
        table.show(level, id, lines?.[k][id], lines ? span(lines[k], i) : "none");
      }
    }
    facts.loss.show(fit?.objective);
    for (const id of ["below", "on", "above", "target"]) facts[id].show(measured[id]);
    facts.least.show(measured.target - measured.on);

    tau.show(state.tau, cover(REACH, [state.tau]));
    fan.checked = state.fan;
    data.show(state);
    const text = verdict(state, measured, lines, met);
    write(words, text);
    spoken.say(text);
  };
}

export default explorer(rules, build);
