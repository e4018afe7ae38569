// The path of descent: steps on the map of all lines, and the loss against the epoch.

import {
  button,
  facts,
  field,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  presetList,
  radios,
  row,
  slider,
} from "./controls.js";
import { descend, safeStep, schedules } from "./descent.js";
import { editor } from "./editor.js";
import { h, memo, put, write } from "./elements.js";
import { fitAll } from "./fits.js";
import { lossNamed } from "./losses.js";
import { explorer } from "./mount.js";
import { clamp, cover, frameOf, niceStep, percent, show, span } from "./numbers.js";
import { FAR, panel, pathOf } from "./panel.js";
import { penalties } from "./penalties.js";
import { rule } from "./rules.js";
import { LOSSES, surface } from "./surface.js";

const LIMIT = 5000;
const SCHEDULES = [
  ["constant", "constant"],
  ["inverse_sqrt", "divided by \u221A(k + 1)"],
  ["step_decay", "halved now and then"],
];

export const rules = {
  points: rule.rows(2, 2, 200),
  w: rule.real,
  b: rule.real,
  loss: rule.oneOf(LOSSES.map(([name]) => name)),
  delta: rule.positive,
  lr: rule.positive,
  schedule: rule.oneOf(SCHEDULES.map(([name]) => name)),
  every: rule.count(1, LIMIT),
  epochs: rule.count(0, LIMIT),
  view: rule.ranges(2),
  marked: rule.positions,
  labels: rule.texts(2),
  frame: rule.ranges(2),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

/** The run of a state, which can be continued. */
export const runOf = ({ points, loss, delta, w, b, lr, schedule, every }) =>
  descend(points, lossNamed(loss, delta), w, b, (k) => lr * schedules[schedule](k, every));

/** The largest step size at which every step lowers the loss; none for a loss with a kink. */
export const safeOf = ({ points, loss }) =>
  loss === "absolute" ? null : safeStep(points, loss === "squared" ? 2 : 1);

/** Distance from (w, b) to the best line, where there is one. */
export function distance(w, b, best) {
  if (best === null || best.vertices?.length > 1) return undefined;
  return Math.hypot(w - best.slope, b - best.intercept);
}

/** What the last steps did, in a word, and how long they have done it. */
export function motion({ w, b, loss, diverged }, best) {
  const k = loss.length - 1;
  if (k === 0 && !diverged) return { word: "start" };
  if (diverged || loss[k] > 1000 * loss[0]) return { word: "diverged" };
  const least = best?.objective ?? 0;
  const gap = (i) => Math.max(loss[i] - least, 0);
  const rounding = 1e-13 * (least + loss[0]);
  const still = w[k] === w[k - 1] && b[k] === b[k - 1];
  if (gap(k) <= rounding) return { word: "arrived", still, facet: best?.vertices?.length > 1 };
  if (still) return { word: "stopped" };
  const from = Math.max(0, k - 20);
  const rises = loss.slice(from + 1).filter((value, i) => value > loss[from + i]).length;
  if (rises > 0 && gap(k) > gap(from) && rises === k - from) return { word: "diverging" };
  if (rises > 0) return { word: "hopping", rises, of: k - from };
  const move = (i) => [w[i] - w[i - 1], b[i] - b[i - 1]];
  const last = move(k);
  const zigzag = k > 1 && last[0] * move(k - 1)[0] + last[1] * move(k - 1)[1] < 0;
  // Steps along one line of the surface's shape are parallel; on a curved part they turn.
  let facet = 1;
  for (; facet < k; facet++) {
    const other = move(k - facet);
    const along = last[0] * other[0] + last[1] * other[1];
    if (along < (1 - 1e-9) * Math.hypot(...last) * Math.hypot(...other)) break;
  }
  return { word: "converging", zigzag, facet, factor: (gap(k) / gap(from)) ** (1 / (k - from)) };
}

/** Converging, hopping, diverging or on a facet, and why. */
export function verdict(state, trace, best) {
  const { lr, loss, schedule } = state;
  const safe = safeOf(state);
  const seen = motion(trace, best);
  const { word } = seen;
  if (word === "start") return "Step or run. The cross is the best line.";
  if (word === "diverged" || word === "diverging") {
    const out = trace.diverged
      ? `Before epoch ${trace.loss.length} the numbers overflow.`
      : "The loss grows.";
    const why = ` The step size ${show(lr)} is above ${show(safe)}: each step lands further up the other side.`;
    return `Diverging. ${out}${safe !== null && lr > safe ? why : ""}`;
  }
  if (word === "arrived") {
    if (seen.facet)
      return "Stuck on a facet: the pulls cancel, and all lines of this flat piece are as good.";
    return "Arrived: no line has a smaller loss, to rounding.";
  }
  if (word === "stopped") return "Stopped: the steps are too short to change the numbers.";
  if (word === "hopping") {
    const cure =
      schedule === "constant"
        ? "A constant step does not shrink near the minimum."
        : "The schedule shortens the hops.";
    return `Hopping: in the last ${seen.of} epochs the loss rose ${seen.rises} times. ${cure}`;
  }
  if (loss === "absolute" && seen.facet >= 3)
    return `On a facet: the last ${seen.facet} steps have the same direction, for no residual has changed its sign.`;
  const way = seen.zigzag ? ", crossing the valley from side to side" : "";
  return `Converging${way}: each epoch takes off ${percent(1 - seen.factor)} of what the loss is above the least.`;
}

/** Whether ten epochs were enough to bring the loss a thousand times nearer to the least. */
export function challenge({ loss, diverged }, best) {
  const k = loss.length - 1;
  const gap = (i) => loss[i] - (best?.objective ?? 0);
  if (diverged) return { met: false, now: "it diverges." };
  if (k < 1) return { met: false, now: "no step has been taken." };
  const left = Math.max(gap(k) / gap(0), 0);
  const epochs = k === 1 ? "1 epoch" : `${k} epochs`;
  return { met: k <= 10 && left <= 1e-3, now: `after ${epochs} ${percent(left)} is left.` };
}

// ---------------------------------------------------------------- the elements

/** A path through pixels; steps too small to see are left out. */
function trail(xs, ys) {
  const kept = [];
  let [px, py] = [Infinity, Infinity];
  xs.forEach((x, i) => {
    const [qx, qy] = [clamp(x, -FAR, FAR), clamp(ys[i], -FAR, FAR)];
    if (Math.abs(qx - px) + Math.abs(qy - py) < 0.5) return;
    kept.push([qx, qy]);
    [px, py] = [qx, qy];
  });
  return kept.length > 0 ? pathOf(kept) : "";
}

function build(app) {
  const fitted = memo(fitAll);
  // A run is continued while nothing but the epoch changes.
  const started = memo(runOf);
  let run;
  let best;
  let frame = 0;
  let expected = null;

  const map = surface(
    "Map of lines",
    "Start of the descent",
    () => [app.state.w, app.state.b],
    (w, b) => app.set({ w, b }),
  );
  const path = map.add("path", { class: "ex-path" });
  const stops = map.many(() => h("circle", { r: 2.5 }), { class: "ex-stops" });
  const now = map.add("circle", { class: "ex-now", r: 5 });
  const curve = panel("Loss against the epoch");
  const losses = curve.add("path", { class: "ex-path" });
  const latest = curve.add("circle", { class: "ex-now", r: 5 });
  const scatter = panel("Points and the line of this epoch");
  const drawPenalties = penalties(scatter);
  const goal = scatter.add("line", { class: "ex-best" });
  const line = scatter.add("line", { class: "ex-line" });
  const editing = editor(app, scatter);

  // Controls.
  const data = presetList(app, rules);
  const loss = radios("Loss", LOSSES, (value) => app.set({ loss: value }));
  const schedule = h(
    "select",
    { onchange: () => app.set({ schedule: schedule.value }) },
    ...SCHEDULES.map(([value, label]) => h("option", { value }, label)),
  );
  const rate = slider(
    "Step size",
    (value) => app.set({ lr: value }),
    Math.log10,
    (value) => Number((10 ** value).toPrecision(3)),
  );
  const mark = h("span", { class: "ex-mark", "aria-hidden": "true" });
  const handle = rate.querySelector("input");
  const track = h("span", { class: "ex-track" });
  handle.replaceWith(track);
  track.append(handle, mark);
  const delta = slider("Delta", (value) => app.set({ delta: Math.max(value, 0.01) }));
  const whole = (key, least) => (value) =>
    app.set({ [key]: clamp(Math.round(value), least, LIMIT) });
  const exact = field("or exactly ", (value) => app.set({ lr: value }), Number.MIN_VALUE);
  const every = field("every ", whole("every", 1), 0);
  const epoch = field("Epoch ", whole("epochs", 0), 0);

  const go = (epochs) => {
    expected = clamp(epochs, 0, LIMIT);
    app.set({ epochs: expected });
  };
  const settled = () => {
    const { word, still } = motion(run(app.state.epochs), best);
    return app.state.epochs >= LIMIT || word === "diverged" || word === "stopped" || still;
  };
  const pause = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    write(play, "Run");
  };
  const advance = () => {
    // Whatever else sets the epoch takes over.
    if (app.state.epochs !== expected || settled()) return pause();
    go(app.state.epochs + Math.ceil((app.state.epochs + 1) / 50));
    frame = requestAnimationFrame(advance);
  };
  const play = button("Run", () => {
    if (frame !== 0) return pause();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go(LIMIT);
    expected = app.state.epochs;
    write(play, "Pause");
    frame = requestAnimationFrame(advance);
  });
  const step = button("Step", () => {
    pause();
    go(app.state.epochs + 1);
  });
  const restart = button("Restart", () => {
    pause();
    go(0);
  });

  // Numbers and words.
  const columns = ["slope", "intercept", "loss"];
  const table = numberTable("Descent and best line", columns, columns, [
    ["now", "descent"],
    ["best", "best line"],
  ]);
  const told = facts("distance", "step", "safe");
  const words = narrator(
    "Bring what the loss is above the least to 0.1 % of its start in at most ten epochs.",
  );
  const limit = h("span", {}, " Safe (see the mark) up to ", told.safe, ".");
  const keep = keeping(app);

  app.body.append(
    row(data, loss, delta),
    h("div", { class: "ex-panels" }, map.el, curve.el),
    row(step, play, restart, epoch),
    row(rate, exact, h("label", {}, "Schedule ", schedule), every),
    words,
    h(
      "div",
      { class: "ex-panels" },
      scatter.el,
      h(
        "div",
        { class: "ex-side" },
        table,
        h(
          "p",
          {},
          "Distance to the best line: ",
          told.distance,
          ". Size of the next step: ",
          told.step,
          ".",
          limit,
        ),
      ),
    ),
    editing,
    keep,
    help(
      `Drag the dot, or click on the map, to start elsewhere; drag points, or click beside them to add one. ${keysOf("point")}`,
    ),
  );

  function drawMap(state, { w, b }) {
    map.show(
      state,
      [state.view.slice(0, 2), state.view.slice(2)],
      best ? { [state.loss]: best } : {},
    );
    const [xs, ys] = [w.map(map.x), b.map(map.y)];
    const last = w.length - 1;
    put(path, { d: trail(xs, ys) });
    // Each step as a dot, while there are few.
    stops(last <= 60 ? last + 1 : 0).forEach((dot, k) => put(dot, { cx: xs[k], cy: ys[k] }));
    put(now, { cx: xs[last], cy: ys[last], visibility: last < 0 ? "hidden" : null });
  }

  function drawCurve(epochs, values) {
    const least = best?.objective ?? 0;
    const heights = values.map((value) => clamp(Math.log10(value - least) || -16, -16, 16));
    const end = Math.max(10, niceStep(Math.max(epochs, 1)));
    const low = Math.floor(heights.reduce((a, b) => Math.min(a, b), 0));
    const high = Math.ceil(heights.reduce((a, b) => Math.max(a, b), low + 1));
    curve.axes([0, end], [low, high], "epoch", "log10 of loss above the least");
    const [xs, ys] = [heights.map((_, k) => curve.x(k)), heights.map(curve.y)];
    put(losses, { d: trail(xs, ys) });
    put(latest, { cx: xs.at(-1), cy: ys.at(-1), visibility: xs.length ? null : "hidden" });
  }

  function drawPoints(state, { w, b }) {
    scatter.axes(...frameOf(state.points, state.frame), ...state.labels);
    const at = { slope: w.at(-1) ?? state.w, intercept: b.at(-1) ?? state.b };
    scatter.line(line, at);
    put(goal, { "data-loss": state.loss, visibility: best ? null : "hidden" });
    if (best) scatter.line(goal, best);
    drawPenalties(state, at);
    editing.show(state);
  }

  function drawControls(state) {
    const { lr, epochs } = state;
    const safe = safeOf(state);
    const [low, high] = cover([-4, 1], [lr, safe ?? lr].map(Math.log10));
    rate.show(lr, [low, high]);
    exact.show(lr);
    put(mark, { style: `--at: ${(Math.log10(safe ?? 1) - low) / (high - low)}` });
    mark.hidden = safe === null;
    limit.hidden = safe === null;
    told.safe.show(safe ?? undefined);
    told.step.show(lr * schedules[state.schedule](epochs, state.every));
    delta.hidden = state.loss !== "huber";
    delta.show(state.delta, cover([0, 5], [state.delta]));
    every.hidden = state.schedule !== "step_decay";
    every.show(state.every);
    epoch.show(epochs);
    loss.show(state.loss);
    schedule.value = state.schedule;
    data.show(state);
    keep.show();
    step.disabled = epochs >= LIMIT;
  }

  return function draw(state) {
    const { points, delta, w, b, lr, every, epochs } = state;
    best = fitted(points, delta)[state.loss];
    run = started({ points, loss: state.loss, delta, w, b, lr, schedule: state.schedule, every });
    const whole = run(epochs);
    const trace = { diverged: whole.loss.length <= epochs };
    for (const key of ["w", "b", "loss"]) trace[key] = whole[key].slice(0, epochs + 1);
    const last = trace.loss.length - 1;

    put(app.body, { "data-loss": state.loss });
    drawMap(state, trace);
    drawCurve(epochs, trace.loss);
    drawPoints(state, trace);
    drawControls(state);
    told.distance.show(last < 0 ? undefined : distance(trace.w[last], trace.b[last], best));
    [trace.w, trace.b, trace.loss].forEach((values, i) =>
      table.show("now", columns[i], values[last]),
    );
    const texts = [0, 1].map((i) => (best ? span(best, i) : "none"));
    [best?.slope, best?.intercept, best?.objective].forEach((value, i) =>
      table.show("best", columns[i], value, texts[i]),
    );
    words.say(verdict(state, trace, best), challenge(trace, best));
  };
}

export default explorer(rules, build);
