// Points that a reader drags, types, adds and removes.

import { arrow, button, draggable, h, onGrid, pool, put, show, stepOf } from "./kit.js";

/**
 * The points of the state as sliders on a plot; returned is the row of controls beside it, whose
 * `.show(state, axes)` draws them. `moved(state, k, point)` gives what changes when point k goes there;
 * with `marks` an added point counts as an outlier. Points for which `open(k)` holds are not filled.
 * Where the state has a `chosen`, it is kept there.
 */
export function editor(
  app,
  plot,
  { moved = ({ points }, k, p) => ({ points: points.with(k, p) }), marks, open = () => false } = {},
) {
  let chosen = 0;
  let axes;
  const dots = pool(plot.front, (k) => {
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
      plot,
      (px, py) => move(k, axes.x.invert(px), axes.y.invert(py)),
      (px, py) => {
        const away = app.state.points.map(([x, y]) => Math.hypot(axes.x(x) - px, axes.y(y) - py));
        return dots(away.length)[away.indexOf(Math.min(...away))];
      },
    );
  });
  const which = h("select", { onchange: () => choose(Number(which.value)) });
  const numbers = pool(which, (k) => h("option", { value: k }, String(k + 1)));
  const coordinates = [0, 1].map((axis) =>
    h("input", {
      type: "number",
      step: "any",
      onchange: (event) => {
        const value = event.target.valueAsNumber;
        if (Number.isFinite(value)) place(chosen, app.state.points[chosen].with(axis, value));
      },
    }),
  );
  const drop = button("Remove", () => remove(chosen));

  function key(event, k) {
    const step = arrow(event);
    const hop = { n: 1, p: -1 }[event.key.toLowerCase()];
    const { points, view } = app.state;
    if (step !== null) {
      const [x, y] = points[k];
      move(k, x + step[0] * stepOf(view), y + step[1] * stepOf(view.slice(2)));
    } else if (hop) {
      choose((k + hop + points.length) % points.length);
      dots(points.length)[chosen].focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove(k);
      dots(app.state.points.length)[chosen].focus();
    } else return;
    event.preventDefault();
  }

  function move(k, x, y) {
    const { view } = app.state;
    place(k, [onGrid(x, view), onGrid(y, view.slice(2))]);
  }

  function place(k, point) {
    app.set(moved(app.state, k, point));
  }

  function choose(k) {
    keep(k);
    el.show(app.state, axes);
  }

  /** Also in the state, if that has room for it. */
  function keep(k, changes = {}) {
    chosen = k;
    if ("chosen" in app.state) changes = { ...changes, chosen };
    if (Object.keys(changes).length > 0) app.set(changes);
  }

  function add() {
    const { points, marked, view } = app.state;
    if (points.length >= 200) return;
    const [x0, x1, y0, y1] = view;
    const point = [onGrid((x0 + x1) / 2, view), onGrid((y0 + 3 * y1) / 4, [y0, y1])];
    const n = points.length;
    keep(n, { points: [...points, point], marked: marks ? [...marked, n] : marked });
  }

  function remove(k) {
    const { points, marked } = app.state;
    if (points.length <= 2) return;
    keep(Math.min(k, points.length - 2), {
      points: points.filter((_, i) => i !== k),
      marked: marked.filter((i) => i !== k).map((i) => (i > k ? i - 1 : i)),
    });
  }

  const el = h(
    "fieldset",
    { class: "ex-row" },
    h("legend", {}, "Points"),
    h("label", {}, "Point ", which),
    h("label", {}, "x ", coordinates[0]),
    h("label", {}, "y ", coordinates[1]),
    button("Add", add),
    drop,
  );
  el.show = ({ points, marked, ...state }, scales) => {
    axes = scales;
    chosen = Math.min(state.chosen ?? chosen, points.length - 1);
    dots(points.length).forEach((dot, k) => {
      const [x, y] = points[k];
      const odd = marked.includes(k);
      put(dot, {
        transform: `translate(${axes.x(x)} ${axes.y(y)})`,
        class: `ex-dot${odd ? " ex-outlier" : ""}${k === chosen ? " ex-chosen" : ""}${open(k) ? " ex-open" : ""}`,
        tabindex: k === chosen ? 0 : -1,
        "aria-label": `Point ${k + 1} of ${points.length}${odd ? ", marked as an outlier" : ""}`,
        "aria-valuenow": y,
        "aria-valuemin": axes.y.invert(plot.height),
        "aria-valuemax": axes.y.invert(0),
        "aria-valuetext": `x ${show(x)}, y ${show(y)}`,
      });
      // Outliers differ in shape, not only in colour.
      put(dot.lastChild, { d: odd ? "M0-7L7 0L0 7L-7 0Z" : "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1-5 0Z" });
    });
    numbers(points.length);
    which.value = chosen;
    coordinates.forEach((input, axis) => {
      if (document.activeElement !== input) input.value = points[chosen][axis];
    });
    drop.disabled = points.length <= 2;
  };
  return el;
}
