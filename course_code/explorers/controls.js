// Labelled controls, tables of numbers, and sentences. Each has a `.show` that is given what to show.

import { h, pool, put, write } from "./elements.js";
import { clamp, show, snap, span, stepOf } from "./numbers.js";

export const row = (...children) => h("div", { class: "ex-row" }, ...children);

export const help = (text) => h("p", { class: "ex-help" }, text);

/** What keys do to handles of this name. */
export const keysOf = (thing) =>
  `Keys: arrows move what has the focus (Shift: ten steps), Home and End take it to the edges, N and P go to the next and previous ${thing}, Delete removes it, Ctrl\u00a0Z undoes.`;

export const button = (label, onclick) => h("button", { type: "button", onclick }, label);

// ---------------------------------------------------------------- keys

const KEYS = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowDown: [1, -1],
  ArrowUp: [1, 1],
  PageDown: [1, -10],
  PageUp: [1, 10],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * Where a key takes a place, one number or two, inside its ranges: arrows by a step, ten with Shift;
 * Page Up and Page Down by ten; Home and End to the edges. Null for other keys.
 */
export function steer(event, place, ranges, step) {
  const [axis, way] = KEYS[event.key] ?? [];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return null;
  const along = Math.min(axis, place.length - 1);
  const [low, high] = ranges[along];
  const size = step ?? stepOf(ranges[along]);
  const aim = snap(place[along] + way * size * (event.shiftKey ? 10 : 1), size);
  return place.with(along, clamp(aim, low, high));
}

// ---------------------------------------------------------------- controls

/**
 * A labelled slider with its number beside it; `.show(value, [low, high])` updates both. The handle
 * stands at `to(value)`, of which `from` is the inverse.
 */
export function slider(label, oninput, to = (v) => v, from = to) {
  const number = h("span", { class: "ex-number", "aria-hidden": "true" });
  const range = () => [Number(input.min), Number(input.max)];
  const input = h("input", {
    type: "range",
    min: -1,
    max: 1,
    step: "any",
    oninput: () => oninput(from(snap(Number(input.value), stepOf(range())))),
    onkeydown: (event) => {
      const aim = steer(event, [Number(input.dataset.value)], [range()]);
      if (aim === null) return;
      event.preventDefault();
      put(input, { "data-value": aim[0] });
      oninput(from(aim[0]));
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

/** A box to tick; `.show(ticked)`. */
export function checkbox(label, ontick) {
  const input = h("input", { type: "checkbox", onchange: () => ontick(input.checked) });
  const el = h("label", {}, input, label);
  el.show = (ticked) => {
    input.checked = ticked;
  };
  return el;
}

/** A field for a number; `.show(value)` leaves it alone while a reader types. */
export function field(label, onvalue, least = -Infinity) {
  const input = h("input", {
    type: "number",
    step: "any",
    onchange: () => {
      const value = input.valueAsNumber;
      if (Number.isFinite(value) && value >= least) onvalue(value);
    },
  });
  const el = h("label", {}, label, input);
  el.show = (value) => {
    if (document.activeElement !== input) input.value = Number(value.toPrecision(5));
  };
  return el;
}

/** A list of numbered things; `.show(k, n)` chooses one, counted from 0, of n. */
export function picker(label, onchoose) {
  const select = h("select", { onchange: () => onchoose(Number(select.value)) });
  const options = pool(select, (k) => h("option", { value: k }, String(k + 1)));
  const el = h("label", {}, label, select);
  el.show = (k, n) => {
    options(n);
    select.value = k;
  };
  return el;
}

/** The presets of the state in a list; `.show(state)` finds the one whose points (`key`) these are. */
export function presetList(app, rules, key = "points", called = key) {
  let listed;
  let latest;
  const own = h("option", { value: "own", disabled: true });
  const select = h("select", {
    onchange: () => {
      const preset = app.state.presets[select.value];
      app.set(Object.fromEntries(Object.entries(preset).filter(([name]) => name in rules)));
    },
  });
  const el = h("label", {}, "Data ", select);
  el.show = ({ presets, [key]: points }) => {
    if (presets !== listed) {
      listed = presets;
      const options = presets.map((preset, k) => h("option", { value: k }, preset.name));
      select.replaceChildren(...options, own);
    }
    const now = JSON.stringify(points);
    const current = presets.findIndex((preset) => JSON.stringify(preset[key]) === now);
    latest = presets[current] ?? latest;
    write(own, latest ? `${latest.name}, edited` : `edited ${called}`);
    select.value = current < 0 ? "own" : current;
  };
  return el;
}

/**
 * Back by one gesture, back to the start, and the link to what is shown (a page has one, a notebook
 * none).
 */
export function keeping(app) {
  const start = app.model.start ?? app.state;
  const undo = button("Undo", () => app.undo());
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
  const el = row(
    undo,
    button("Reset", () => app.set(start)),
    link,
  );
  // Not disabled: a button that has the focus would lose it.
  el.show = () => put(undo, { "aria-disabled": String(app.past.length === 0) });
  return el;
}

// ---------------------------------------------------------------- numbers

// A number and its percent sign stay on one line.
const bind = (text) => text.replaceAll(" %", "\u00a0%");

/** A stroke in the style of its loss, for a legend. */
export const stroke = (tag = "line", place = { x1: 0, x2: 36, y1: 4, y2: 4, class: "ex-fit" }) =>
  h("svg", { class: "ex-sample", viewBox: "0 0 36 8", "aria-hidden": "true" }, h(tag, place));

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
    write(cell, bind(text));
    put(cell, { "data-value": value });
  };
  return el;
}

/** The slope and intercept of a best line in its row of a table. */
export function showLine(table, name, fit) {
  for (const [i, column] of ["slope", "intercept"].entries()) {
    table.show(name, column, fit?.[column], fit ? span(fit, i) : "none");
  }
}

/** Numbers for running text, by name; `.show(value)` keeps the full value beside the digits. */
export function facts(...names) {
  return Object.fromEntries(
    names.map((name) => {
      const el = h("span", { class: "ex-fact", "data-number": name });
      el.show = (value) => {
        write(el, show(value));
        put(el, { "data-value": value });
      };
      return [name, el];
    }),
  );
}

// ---------------------------------------------------------------- words

/** Text in a polite live region, spoken once it has stayed the same for `wait` milliseconds. */
function announcer(wait = 900) {
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

/**
 * The sentence that says what is happening, seen and spoken, and a challenge with its verdict:
 * `.say(text, { met, now })`, where `now` is how matters stand.
 */
export function narrator(task) {
  const words = h("p", { class: "ex-verdict" });
  const spoken = announcer();
  const stand = h("span");
  const challenge = h(
    "p",
    { class: "ex-challenge" },
    h("b", {}, "Challenge. "),
    `${bind(task)} `,
    stand,
  );
  const el = h("div", {}, words, spoken, challenge);
  el.say = (text, { met, now }) => {
    const found = `${met ? "\u2713 Done: " : "Not yet: "}${now}`;
    write(words, bind(text));
    write(stand, bind(found));
    put(challenge, { "data-met": met });
    spoken.say(bind(met ? `${text} ${found}` : text));
  };
  return el;
}
