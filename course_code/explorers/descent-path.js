// The path of descent: steps on the map of all lines, and the loss against the epoch.

import { around, rings } from "./contours.js";
import { descend, safeStep, schedules } from "./descent.js";
import { fitAll } from "./fits.js";
import {
  announcer,
  arrow,
  button,
  clamp,
  cover,
  draggable,
  explorer,
  fact,
  h,
  keeping,
  niceStep,
  numberTable,
  onGrid,
  panel,
  pool,
  presetList,
  put,
  radios,
  rule,
  show,
  slider,
  span,
  stepOf,
  write,
} from "./kit.js";
import { lossNamed, meanLoss } from "./losses.js";

const LIMIT = 5000;
const LOSSES = [
  ["squared", "squared"],
  ["absolute", "absolute"],
  ["huber", "Huber"],
];
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
  const percent = show(Number((100 * (1 - seen.factor)).toPrecision(2)));
  const way = seen.zigzag ? ", crossing the valley from side to side" : "";
  return `Converging${way}: each epoch takes off ${percent} % of what the loss is above the least.`;
}

// ---------------------------------------------------------------- the elements

function build(app) {
  let runKey = "";
  let ringKey = "";
  let fitKey = "";
  let run;
  let best;
  let map;
  let frame = 0;
  let expected = null;

  const surface = panel("Map of lines");
  const curve = panel("Loss against the epoch");

  const drawRings = rings(surface);
  const flat = surface.area.appendChild(h("polygon", { class: "ex-flat" }));
  const path = surface.area.appendChild(h("path", { class: "ex-path" }));
  const stops = pool(surface.area.appendChild(h("g", { class: "ex-stops" })), () =>
    h("circle", { r: 2.5 }),
  );
  const minimum = surface.area.appendChild(
    h("path", { class: "ex-minimum", d: "M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z" }),
  );
  const now = surface.area.appendChild(h("circle", { class: "ex-now", r: 5 }));
  const losses = curve.area.appendChild(h("path", { class: "ex-path" }));

  const moveStart = (w, b) => {
    const { view } = app.state;
    app.set({ w: onGrid(w, view), b: onGrid(b, view.slice(2)) });
  };
  const jump = (px, py) => moveStart(map.x.invert(px), map.y.invert(py));
  surface.area.addEventListener("click", (event) => jump(...surface.at(event)));
  const start = h(
    "g",
    {
      class: "ex-here",
      tabindex: 0,
      role: "slider",
      "aria-label": "Start of the descent",
      onkeydown: (event) => {
        const move = arrow(event);
        if (move === null) return;
        event.preventDefault();
        const { w, b, view } = app.state;
        moveStart(w + move[0] * stepOf(view), b + move[1] * stepOf(view.slice(2)));
      },
    },
    h("circle", { class: "ex-touch", r: 22 }),
    h("circle", { r: 7 }),
  );
  surface.front.append(draggable(start, surface, jump));

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
  const typed = (label, key, read) => {
    const input = h("input", {
      type: "number",
      step: "any",
      onchange: () => {
        const value = read(input.valueAsNumber);
        if (Number.isFinite(value) && value >= 0) app.set({ [key]: value });
      },
    });
    const el = h("label", {}, label, input);
    el.show = (value) => {
      if (document.activeElement !== input) input.value = value;
    };
    return el;
  };
  const whole = (least) => (value) => clamp(Math.round(value), least, LIMIT);
  const exact = typed("or exactly ", "lr", (value) => value || NaN);
  const every = typed("every ", "every", whole(1));
  const epoch = typed("Epoch ", "epochs", whole(0));

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
  const [away, next, bound] = ["distance", "step", "safe"].map(fact);
  const words = h("p", { class: "ex-verdict" });
  const spoken = announcer();
  const limit = h("span", {}, " Safe (see the mark) up to ", bound, ".");

  app.body.append(
    h("div", { class: "ex-row" }, data, loss, delta),
    h("div", { class: "ex-panels" }, surface.el, curve.el),
    h("div", { class: "ex-row" }, step, play, restart, epoch),
    h("div", { class: "ex-row" }, rate, exact, h("label", {}, "Schedule ", schedule), every),
    words,
    spoken,
    table,
    h(
      "p",
      { class: "ex-facts" },
      "Distance to the best line: ",
      away,
      ". Size of the next step: ",
      next,
      ".",
      limit,
    ),
    h("div", { class: "ex-row" }, ...keeping(app)),
    h(
      "p",
      { class: "ex-help" },
      "Drag the dot or click on the map to start elsewhere. Arrow keys move the dot (Shift: ten steps).",
    ),
  );

  /** A path through pixels; steps too small to see are left out. */
  function trail(xs, ys) {
    let [px, py] = [Infinity, Infinity];
    let d = "";
    xs.forEach((x, i) => {
      // What leaves the plot far behind would not be drawn by every browser.
      const [qx, qy] = [clamp(x, -5000, 5000), clamp(ys[i], -5000, 5000)];
      if (Math.abs(qx - px) + Math.abs(qy - py) < 0.5) return;
      [px, py] = [qx, qy];
      d += `${d ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    });
    return d;
  }

  return function draw(state) {
    const { points, view, epochs, lr } = state;
    const f = lossNamed(state.loss, state.delta);
    const surfaceOf = JSON.stringify([points, state.loss, state.delta]);
    if (surfaceOf !== fitKey) {
      fitKey = surfaceOf;
      best = fitAll(points, state.delta)[state.loss];
    }
    const key = JSON.stringify([fitKey, state.w, state.b, lr, state.schedule, state.every]);
    if (key !== runKey) {
      runKey = key;
      run = runOf(state);
    }
    const whole = run(epochs);
    const trace = {
      diverged: whole.loss.length <= epochs,
      ...Object.fromEntries(["w", "b", "loss"].map((k) => [k, whole[k].slice(0, epochs + 1)])),
    };
    const last = trace.loss.length - 1;

    map = surface.axes(view.slice(0, 2), view.slice(2), "slope", "intercept");
    put(app.body, { "data-loss": state.loss });
    const ringsOf = JSON.stringify([fitKey, view]);
    if (ringsOf !== ringKey) {
      ringKey = ringsOf;
      const n = points.length > 60 ? 41 : 61;
      drawRings((w, b) => meanLoss(f, points, w, b), view.slice(0, 2), view.slice(2), n);
    }
    const [xs, ys] = [trace.w.map(map.x), trace.b.map(map.y)];
    put(path, { d: trail(xs, ys) });
    // Each step as a dot, while there are few.
    stops(last <= 60 ? last + 1 : 0).forEach((dot, k) => put(dot, { cx: xs[k], cy: ys[k] }));
    put(now, { cx: xs[last], cy: ys[last], visibility: last < 0 ? "hidden" : null });
    put(minimum, {
      transform: best && `translate(${map.x(best.slope)} ${map.y(best.intercept)})`,
      visibility: best ? null : "hidden",
    });
    const corners = around(best?.vertices ?? []).map(([w, b]) => `${map.x(w)},${map.y(b)}`);
    put(flat, { points: corners.join(" ") });
    put(start, {
      transform: `translate(${map.x(state.w)} ${map.y(state.b)})`,
      "aria-valuenow": state.w,
      "aria-valuemin": view[0],
      "aria-valuemax": view[1],
      "aria-valuetext": `slope ${show(state.w)}, intercept ${show(state.b)}`,
    });

    const least = best?.objective ?? 0;
    const heights = trace.loss.map((value) => clamp(Math.log10(value - least) || -16, -16, 16));
    const end = Math.max(10, niceStep(Math.max(epochs, 1)));
    const low = Math.floor(heights.reduce((a, b) => Math.min(a, b), 0));
    const high = Math.ceil(heights.reduce((a, b) => Math.max(a, b), low + 1));
    const plot = curve.axes([0, end], [low, high], "epoch", "log10 of loss above the least");
    put(losses, {
      d: trail(
        heights.map((_, k) => plot.x(k)),
        heights.map(plot.y),
      ),
    });

    const safe = safeOf(state);
    const range = cover([-4, 1], [lr, safe ?? lr].map(Math.log10));
    rate.show(lr, range);
    exact.show(lr);
    // The handle is 18 pixels wide.
    const along = (Math.log10(safe ?? 1) - range[0]) / (range[1] - range[0]);
    put(mark, { style: `left: calc(9px + (100% - 18px) * ${along})` });
    mark.hidden = safe === null;
    limit.hidden = safe === null;
    bound.show(safe ?? undefined);
    next.show(lr * schedules[state.schedule](epochs, state.every));
    away.show(last < 0 ? undefined : distance(trace.w[last], trace.b[last], best));
    delta.hidden = state.loss !== "huber";
    delta.show(state.delta, cover([0, 5], [state.delta]));
    every.hidden = state.schedule !== "step_decay";
    every.show(state.every);
    epoch.show(epochs);
    loss.show(state.loss);
    schedule.value = state.schedule;
    data.show(state);
    step.disabled = epochs >= LIMIT;
    [trace.w, trace.b, trace.loss].forEach((values, i) =>
      table.show("now", columns[i], values[last]),
    );
    const texts = [0, 1].map((i) => (best ? span(best, i) : "none"));
    [best?.slope, best?.intercept, best?.objective].forEach((value, i) =>
      table.show("best", columns[i], value, texts[i]),
    );
    const text = verdict(state, trace, best);
    write(words, text);
    spoken.say(text);
  };
}

export default explorer(rules, build);
