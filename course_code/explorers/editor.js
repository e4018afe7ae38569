// Points that a reader drags, types, adds and removes.

import { button, field, picker } from "./controls.js";
import { h } from "./elements.js";
import { onGrid, show } from "./numbers.js";
import { handles } from "./panel.js";

/**
 * The points of the state as handles on a plot; returned is the row of controls beside it, whose
 * `.show(state)` draws them. A click on a free place adds a point. `moved(state, k, point)` gives what
 * changes when point k goes there; with `marks` an added point counts as an outlier. Points for which
 * `open(k)` holds are not filled. Where the state has a `chosen`, it is kept there.
 */
export function editor(
  app,
  plot,
  {
    moved = ({ points }, k, p) => ({ points: points.with(k, p) }),
    marks,
    open = () => false,
    most = 200,
  } = {},
) {
  let chosen = 0;
  const place = (k, point) => app.set(moved(app.state, k, point));
  const dots = handles(plot, { places: () => app.state.points, go: place, choose, remove });
  const which = picker("Point ", choose);
  const coordinates = [0, 1].map((axis) =>
    field(`${"xy"[axis]} `, (value) => place(chosen, app.state.points[chosen].with(axis, value))),
  );
  const more = button("Add", () => {
    const [xs, [low, high]] = plot.room;
    add(onGrid((xs[0] + xs[1]) / 2, xs), onGrid((low + 3 * high) / 4, [low, high]));
  });
  const drop = button("Remove", () => remove(chosen));
  plot.onclick(add);

  /** Also in the state, if that has room for it. */
  function choose(k) {
    chosen = k;
    if ("chosen" in app.state) app.assign({ chosen });
    el.show(app.state);
  }

  function keep(k, changes) {
    chosen = k;
    app.set("chosen" in app.state ? { ...changes, chosen } : changes);
  }

  function add(...point) {
    const { points, marked } = app.state;
    const n = points.length;
    if (n < most) keep(n, { points: [...points, point], marked: marks ? [...marked, n] : marked });
  }

  function remove(k) {
    const { points, marked } = app.state;
    if (points.length <= 2) return;
    keep(Math.min(k, points.length - 2), {
      points: points.filter((_, i) => i !== k),
      marked: marked.filter((i) => i !== k).map((i) => (i > k ? i - 1 : i)),
    });
  }

  const legend = h("legend", {}, "Points");
  const el = h("fieldset", { class: "ex-row" }, legend, which, ...coordinates, more, drop);
  el.show = ({ points, marked, ...state }) => {
    const n = points.length;
    chosen = Math.min(state.chosen ?? chosen, n - 1);
    dots.show(chosen, (k) => {
      const odd = marked.includes(k);
      return {
        odd,
        open: open(k),
        label: `Point ${k + 1} of ${n}${odd ? ", marked as an outlier" : ""}`,
        text: `x ${show(points[k][0])}, y ${show(points[k][1])}`,
      };
    });
    which.show(chosen, n);
    coordinates.forEach((input, axis) => input.show(points[chosen][axis]));
    more.disabled = n >= most;
    drop.disabled = n <= 2;
  };
  return el;
}
