// What every explorer shares: elements, scales, controls, dragging, checks on state, and the mount.
// Colours come from the page (currentColor) and from the palette's CSS variables; nothing here knows
// a theme.

// ---------------------------------------------------------------- elements

const SVG = /^(svg|g|line|rect|circle|path|polygon|text)$/;

/** An element with attributes, listeners (`onclick`) and children. */
export function h(tag, attributes = {}, ...children) {
  const el = SVG.test(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  put(el, attributes);
  el.append(...children);
  return el;
}

/** Set attributes that changed; null and false remove, functions listen. */
export function put(el, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") el.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false) el.removeAttribute(name);
    else if (el.getAttribute(name) !== String(value)) el.setAttribute(name, value);
  }
}

/** Change text only when it differs: selections survive and screen readers stay quiet. */
export function write(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/** `pool(parent, make)(n)`: exactly n children, made once each, so that focus and dragging survive. */
export function pool(parent, make) {
  const items = [];
  return (n) => {
    while (items.length < n) items.push(parent.appendChild(make(items.length)));
    while (items.length > n) items.pop().remove();
    return items;
  };
}

// ---------------------------------------------------------------- numbers

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** 1, 2 or 5 times a power of ten, at least `rough`. */
export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * (1 - 1e-9));
}

/** A multiple of `step`, without the digits that multiplying by a decimal leaves behind. */
export const snap = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

/** A step fine enough for a drag over this range, and coarse enough for short numbers. */
export const stepOf = ([low, high]) => niceStep((high - low) / 400);

/** The nearest multiple of that step inside the range. */
export const onGrid = (value, [low, high]) => clamp(snap(value, stepOf([low, high])), low, high);

/** [low, high] widened to hold the values, outwards to a multiple of a nice step. */
export function cover([low, high], values) {
  const a = Math.min(low, ...values);
  const b = Math.max(high, ...values);
  const step = niceStep((b - a) / 10);
  return [
    a < low ? snap(Math.floor(a / step) * step, step) : low,
    b > high ? snap(Math.ceil(b / step) * step, step) : high,
  ];
}

/** Four significant digits, no exponent for everyday sizes, a true minus sign, never -0. */
export function show(value) {
  if (!Number.isFinite(value)) return "none";
  const rounded = Number(value.toPrecision(4));
  return String(rounded === 0 ? 0 : rounded).replace("-", "\u2212");
}

/** The slope (0) or intercept (1) of a best line in words; "a to b" where lines tie. */
export function span(fit, which) {
  const values = fit.vertices?.map((v) => v[which]) ?? [[fit.slope, fit.intercept][which]];
  const ends = [show(Math.min(...values)), show(Math.max(...values))];
  return ends[0] === ends[1] ? ends[0] : ends.join(" to ");
}

export function scale([d0, d1], [r0, r1]) {
  const to = (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
  to.invert = (pixel) => d0 + ((pixel - r0) / (r1 - r0)) * (d1 - d0);
  return to;
}

function ticks([low, high]) {
  const step = niceStep((high - low) / 6);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    found.push(snap(k * step, step));
  }
  return found;
}

// ---------------------------------------------------------------- checks on state

/** Throw what Python's checks say: `name: rule; got value`. */
function refuse(name, rule, got) {
  throw new Error(`${name}: ${rule}; got ${String(JSON.stringify(got) ?? got).slice(0, 60)}`);
}

const isReal = (v) => typeof v === "number" && Number.isFinite(v);

/**
 * Rules by kind; each is called with the name and the value of one key of the state. (They are set one
 * by one, so that a module need not carry those it does not use.)
 */
export const rule = {};

rule.real = (name, v) => isReal(v) || refuse(name, "must be a finite number", v);

rule.positive = (name, v) =>
  (isReal(v) && v > 0) || refuse(name, "must be a positive finite number", v);

/** Strictly inside. */
rule.inside = (low, high) => (name, v) =>
  (isReal(v) && v > low && v < high) ||
  refuse(name, `must lie strictly between ${low} and ${high}`, v);

/** The ends included. */
rule.within = (low, high) => (name, v) =>
  (isReal(v) && v >= low && v <= high) || refuse(name, `must be from ${low} to ${high}`, v);

rule.flag = (name, v) => typeof v === "boolean" || refuse(name, "must be true or false", v);

rule.oneOf = (allowed) => (name, v) =>
  allowed.includes(v) || refuse(name, `must be one of ${allowed.join(", ")}`, v);

/** Some of a few words, each at most once. */
rule.someOf = (allowed) => (name, v) =>
  (Array.isArray(v) && v.every((word, k) => allowed.includes(word) && v.indexOf(word) === k)) ||
  refuse(name, `must be different ones of ${allowed.join(", ")}`, v);

/** A whole number in a range. */
rule.count = (least, most) => (name, v) =>
  (Number.isInteger(v) && v >= least && v <= most) ||
  refuse(name, `must be a whole number from ${least} to ${most}`, v);

/** Positions of points, counted from 0. */
rule.positions = (name, v) =>
  (Array.isArray(v) && v.every((i) => Number.isInteger(i) && i >= 0)) ||
  refuse(name, "must be a list of positions, 0 or more", v);

rule.texts = (count) => (name, v) =>
  (Array.isArray(v) && v.length === count && v.every((text) => typeof text === "string")) ||
  refuse(name, `must be ${count} texts`, v);

/** Objects with a name. */
rule.named = (name, v) =>
  (Array.isArray(v) && v.every((item) => typeof item?.name === "string")) ||
  refuse(name, "must be a list of objects with a name", v);

/** Lists of `width` numbers, between `least` and `most` of them. */
rule.rows = (width, least, most) => (name, v) => {
  const text = `must be a list of ${least} to ${most} items of ${width} finite numbers`;
  if (!Array.isArray(v)) refuse(name, text, v);
  if (v.length < least || v.length > most) refuse(name, text, `${v.length} items`);
  for (const row of v) {
    if (!Array.isArray(row) || row.length !== width || !row.every(isReal)) refuse(name, text, row);
  }
};

/** [low, high, ...] pairs, each increasing. */
rule.ranges = (count) => (name, v) => {
  const increasing = (_, k) => v[2 * k] < v[2 * k + 1];
  const fits = Array.isArray(v) && v.length === 2 * count && v.every(isReal);
  if (!fits || !Array.from({ length: count }, increasing).every(Boolean)) {
    refuse(name, `must be ${count} increasing pairs of finite numbers`, v);
  }
};

/** The values of all keys of `rules`, each checked; `get` looks one up. */
export function readState(get, rules) {
  const state = {};
  for (const [name, check] of Object.entries(rules)) {
    state[name] = get(name);
    check(name, state[name]);
  }
  return state;
}

// ---------------------------------------------------------------- the mount

/**
 * anywidget's `render` for an explorer: `build(app)` makes the elements once and returns
 * `draw(state)`, which is called for the first picture and then at most once a frame.
 * A state that breaks a rule shows its message in the explorer's place until it is mended.
 */
export function explorer(rules, build) {
  function render({ model, el }) {
    const message = h("p", { class: "ex-message", role: "note", hidden: true });
    const body = h("div", { class: "ex-body" });
    el.classList.add("ex");
    // JupyterLab's own keys stay out of what has the focus here.
    el.dataset.lmSuppressShortcuts = true;
    el.addEventListener("keydown", (event) => {
      // JupyterLab keeps Enter from a field, which then would not be confirmed.
      if (event.key !== "Enter" || !event.target.matches("input[type=number]")) return;
      event.preventDefault();
      event.target.dispatchEvent(new Event("change"));
    });
    el.append(message, body);

    const app = {
      body,
      model,
      state: null,
      set(changes) {
        // At once, for a second key may come before the next frame.
        app.state = { ...app.state, ...changes };
        for (const [name, value] of Object.entries(changes)) model.set(name, value);
        model.save_changes();
      },
    };
    let draw = null;
    let frame = 0;
    const update = () => {
      frame = 0;
      try {
        app.state = readState((name) => model.get(name), rules);
        draw ??= build(app);
        draw(app.state);
        message.hidden = true;
      } catch (error) {
        write(message, `This explorer cannot show its state. ${error.message}.`);
        message.hidden = false;
      }
      body.hidden = !message.hidden;
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(update);
    };
    for (const name of Object.keys(rules)) model.on(`change:${name}`, schedule);
    update();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of Object.keys(rules)) model.off(`change:${name}`, schedule);
    };
  }
  // `check` lets a host try a state before it mounts it; anywidget only asks for `render`.
  return { render, check: (state) => readState((name) => state[name], rules) };
}

// ---------------------------------------------------------------- controls

/**
 * A labelled slider with its number beside it; `.show(value, [low, high])` updates both. The handle
 * stands at `to(value)`, of which `from` is the inverse.
 */
export function slider(label, oninput, to = (v) => v, from = to) {
  const number = h("span", { class: "ex-number", "aria-hidden": "true" });
  const step = () => stepOf([Number(input.min), Number(input.max)]);
  const input = h("input", {
    type: "range",
    min: -1,
    max: 1,
    step: "any",
    oninput: () => oninput(from(snap(Number(input.value), step()))),
    onkeydown: (event) => {
      const move = arrow(event);
      if (move === null) return;
      event.preventDefault();
      const aim = snap(Number(input.dataset.value) + (move[0] + move[1]) * step(), step());
      const value = clamp(aim, Number(input.min), Number(input.max));
      put(input, { "data-value": value });
      oninput(from(value));
    },
  });
  const el = h("label", { class: "ex-slider" }, h("span", {}, label), input, number);
  el.show = (value, [low, high]) => {
    const place = to(value);
    put(input, { min: low, max: high, "data-value": place, "aria-valuetext": show(value) });
    input.value = place;
    write(number, show(value));
  };
  return el;
}

/** A fieldset of radio buttons; `.show(value)` checks one. Choices are [value, label] pairs. */
export function radios(legend, choices, onchoose) {
  // Radio buttons of one name exclude one another across the page, so each group needs its own.
  const name = `ex-${Math.random().toString(36).slice(2)}`;
  const inputs = choices.map(([value]) =>
    h("input", { type: "radio", name, value, onchange: () => onchoose(value) }),
  );
  const labels = choices.map(([value, label], k) =>
    h("label", { "data-loss": value }, inputs[k], label),
  );
  const el = h("fieldset", { class: "ex-radios" }, h("legend", {}, legend), ...labels);
  el.show = (value) => {
    for (const input of inputs) input.checked = input.value === value;
  };
  return el;
}

export const button = (label, onclick) => h("button", { type: "button", onclick }, label);

/** The presets of the state in a labelled list; `.show(state)` finds the one whose points these are. */
export function presetList(app, rules) {
  let listed;
  const select = h("select", {
    onchange: () => {
      const preset = app.state.presets[select.value];
      app.set(Object.fromEntries(Object.entries(preset).filter(([key]) => key in rules)));
    },
  });
  const el = h("label", {}, "Data ", select);
  el.show = ({ presets, points }) => {
    if (presets !== listed) {
      listed = presets;
      select.replaceChildren(
        ...presets.map((preset, k) => h("option", { value: k }, preset.name)),
        h("option", { value: "own", disabled: true }, "edited points"),
      );
    }
    const key = JSON.stringify(points);
    const current = presets.findIndex((preset) => JSON.stringify(preset.points) === key);
    select.value = current < 0 ? "own" : current;
  };
  return el;
}

/** Two buttons: back to the start, and the link to what is shown (a page has one, a notebook none). */
export function keeping(app) {
  const start = app.model.start ?? app.state;
  const link = button("Copy link", async () => {
    const address = app.model.link();
    try {
      await navigator.clipboard.writeText(address);
      write(link, "Link copied");
      setTimeout(() => write(link, "Copy link"), 2000);
    } catch {
      window.prompt("The link to this state:", address);
    }
  });
  link.hidden = !app.model.link;
  return [button("Reset", () => app.set(start)), link];
}

/**
 * A table of numbers in a region of its own, which may scroll. `rows` are [loss, what it is called];
 * `.show(loss, column, value, text)` fills the cell called loss-column, its full value beside the text.
 */
export function numberTable(label, heads, columns, rows) {
  const cells = {};
  const make = (id) => (cells[id] = h("td", { "data-number": id }));
  const body = rows.map(([name, called]) =>
    h(
      "tr",
      { "data-loss": name },
      h("th", { scope: "row" }, ...[called].flat()),
      ...columns.map((column) => make(`${name}-${column}`)),
    ),
  );
  const head = h("tr", {}, h("td"), ...heads.map((text) => h("th", { scope: "col" }, text)));
  const table = h("table", { class: "ex-numbers" }, h("thead", {}, head), h("tbody", {}, ...body));
  const el = h(
    "div",
    { class: "ex-scroll", tabindex: 0, role: "region", "aria-label": label },
    table,
  );
  el.show = (name, column, value, text = show(value)) => {
    const cell = cells[`${name}-${column}`];
    write(cell, text);
    put(cell, { "data-value": value });
  };
  return el;
}

/** A number in running text; `.show(value)` keeps its full value beside the digits. */
export function fact(id) {
  const el = h("span", { class: "ex-fact", "data-number": id });
  el.show = (value) => {
    write(el, show(value));
    put(el, { "data-value": value });
  };
  return el;
}

/** Text in a polite live region, spoken once it has stayed the same for `wait` milliseconds. */
export function announcer(wait = 900) {
  const el = h("p", { class: "ex-spoken", role: "status" });
  let timer = 0;
  let latest = null;
  el.say = (text) => {
    if (text === latest) return;
    const first = latest === null;
    latest = text;
    clearTimeout(timer);
    if (!first) timer = setTimeout(() => write(el, text), wait);
  };
  return el;
}

/** [dx, dy] of an arrow key, ten times as far with Shift; null for other keys. */
export function arrow(event) {
  const step = event.shiftKey ? 10 : 1;
  const directions = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  return directions[event.key]?.map((d) => d * step) ?? null;
}

/**
 * Call `move(x, y)` in the panel's pixels while a pointer drags `el`. Where several lie close
 * together, `nearest(x, y)` says which of them a pointer that went down means.
 */
export function draggable(el, panel, move, nearest = () => el) {
  put(el, {
    // Or the page would scroll under the finger; touch-action is not honoured inside an svg.
    ontouchstart: (event) => event.preventDefault(),
    onpointerdown: (event) => {
      event.preventDefault();
      const meant = nearest(...panel.at(event));
      meant.setPointerCapture(event.pointerId);
      meant.focus({ preventScroll: true });
    },
    onpointermove: (event) => {
      if (el.hasPointerCapture(event.pointerId)) move(...panel.at(event));
    },
  });
  return el;
}

/** Take `apply` from 0 to 1 in a third of a second; at once if the reader wants no motion. */
export function glide(apply) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const start = performance.now();
  const step = (now) => {
    const t = still ? 1 : clamp((now - start) / 350, 0, 1);
    apply(t * t * (3 - 2 * t));
    if (t < 1) requestAnimationFrame(step);
  };
  step(start);
}

// ---------------------------------------------------------------- a plot with axes

const WIDTH = 360;
const HEIGHT = 330;
const EDGE = { left: 46, right: 8, top: 8, bottom: 40 };

/** An SVG plot: `area` is clipped to the axes, `front` is not; `.axes(...)` returns the scales. */
export function panel(title) {
  const w = WIDTH - EDGE.left - EDGE.right;
  const hgt = HEIGHT - EDGE.top - EDGE.bottom;
  const grid = h("g", { class: "ex-grid", "aria-hidden": "true" });
  // A nested svg clips without needing an id, which two explorers on a page would share.
  const area = h("svg", { x: EDGE.left, y: EDGE.top, width: w, height: hgt });
  const front = h("g", { transform: `translate(${EDGE.left} ${EDGE.top})` });
  const el = h(
    "svg",
    { class: "ex-panel", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": title },
    grid,
    area,
    front,
  );
  let drawn = "";
  return {
    el,
    area,
    front,
    width: w,
    height: hgt,
    at(event) {
      const box = el.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * WIDTH - EDGE.left,
        ((event.clientY - box.top) / box.height) * HEIGHT - EDGE.top,
      ];
    },
    axes(xs, ys, xLabel, yLabel) {
      const x = scale(xs, [0, w]);
      const y = scale(ys, [hgt, 0]);
      const key = JSON.stringify([xs, ys, xLabel, yLabel]);
      if (key !== drawn) {
        drawn = key;
        const left = EDGE.left;
        const bottom = EDGE.top + hgt;
        const text = (at, what, more) => h("text", { ...at, ...more }, what);
        grid.replaceChildren(
          ...ticks(xs).flatMap((v) => {
            const px = left + x(v);
            return [
              h("line", { x1: px, x2: px, y1: EDGE.top, y2: bottom }),
              text({ x: px, y: bottom + 15, "text-anchor": "middle" }, show(v)),
            ];
          }),
          ...ticks(ys).flatMap((v) => {
            const py = EDGE.top + y(v);
            return [
              h("line", { x1: left, x2: left + w, y1: py, y2: py }),
              text({ x: left - 5, y: py + 4, "text-anchor": "end" }, show(v)),
            ];
          }),
          text({ x: left + w / 2, y: HEIGHT - 6, "text-anchor": "middle" }, xLabel),
          text({ "text-anchor": "middle" }, yLabel, {
            transform: `translate(12 ${EDGE.top + hgt / 2}) rotate(-90)`,
          }),
        );
      }
      return { x, y };
    },
  };
}
