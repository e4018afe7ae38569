// A plot with axes, and what a hand moves on it.

import { steer } from "./controls.js";
import { h, pool, put } from "./elements.js";
import { clamp, onGrid, scale, ticks } from "./numbers.js";

const WIDTH = 372;
const HEIGHT = 336;
const EDGE = { left: 58, right: 8, top: 8, bottom: 46 };
/** Pixels beyond which nothing is seen, and not every browser draws. */
export const FAR = 1e4;

const INNER = { width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };

/**
 * An SVG plot. `area` is clipped to the axes, `front` is not. `.axes(...)` draws them; from then on `x`
 * and `y` go from data to pixels, and `room` is the two ranges.
 */
export function panel(title) {
  const { width, height } = INNER;
  const grid = h("g", { class: "ex-grid", "aria-hidden": "true" });
  // A nested svg clips without needing an id, which two explorers on a page would share.
  const area = h(
    "svg",
    { x: EDGE.left, y: EDGE.top, width, height },
    h("rect", { class: "ex-touch", width, height }),
  );
  const front = h("g", { transform: `translate(${EDGE.left} ${EDGE.top})` });
  const el = h(
    "svg",
    { class: "ex-panel", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": title },
    grid,
    area,
    front,
  );
  let drawn = "";
  const plot = {
    el,
    area,
    front,
    width,
    height,
    /** A new element behind the points. */
    add: (tag, attributes) => area.appendChild(h(tag, attributes)),
    /** A pool of elements behind the points. */
    many: (make, attributes) => pool(plot.add("g", attributes), make),
    /** Where an event is, in pixels of the area. */
    at(event) {
      const box = el.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * WIDTH - EDGE.left,
        ((event.clientY - box.top) / box.height) * HEIGHT - EDGE.top,
      ];
    },
    /** `go(x, y)` when a free place is clicked; the end of a gesture is no click. */
    onclick(go) {
      let [px, py] = [0, 0];
      put(area, {
        onpointerdown: (event) => ([px, py] = plot.at(event)),
        onclick: (event) => {
          const [qx, qy] = plot.at(event);
          if (Math.hypot(qx - px, qy - py) < 6) go(...plot.place(qx, qy));
        },
      });
    },
    /** The place of the data at a pixel, on the grid and inside the axes. */
    place: (px, py) => [
      onGrid(plot.x.invert(px), plot.room[0]),
      onGrid(plot.y.invert(py), plot.room[1]),
    ],
    /** Lay the line of a fit from edge to edge. */
    line(line, { slope, intercept }) {
      const at = (x) => clamp(plot.y(intercept + slope * x), -FAR, FAR).toFixed(1);
      const [y1, y2] = plot.room[0].map(at);
      put(line, { x1: 0, x2: width, y1, y2 });
    },
    axes(xs, ys, xLabel, yLabel) {
      const x = scale(xs, [0, width]);
      const y = scale(ys, [height, 0]);
      Object.assign(plot, { x, y, room: [xs, ys] });
      const key = JSON.stringify([xs, ys, xLabel, yLabel]);
      if (key === drawn) return;
      drawn = key;
      const { left, top } = EDGE;
      const bottom = top + height;
      const [across, xUnit] = ticks(xs);
      const [up, yUnit] = ticks(ys);
      const [xName, yName] = [
        [xLabel, xUnit],
        [yLabel, yUnit],
      ].map(([label, unit]) => (unit ? `${label} (${unit})` : label));
      const text = (place, what) => h("text", { "text-anchor": "middle", ...place }, what);
      grid.replaceChildren(
        ...across.flatMap(([value, written]) => {
          const px = left + x(value);
          return [
            h("line", { x1: px, x2: px, y1: top, y2: bottom }),
            text({ x: px, y: bottom + 17 }, written),
          ];
        }),
        ...up.flatMap(([value, written]) => {
          const py = top + y(value);
          return [
            h("line", { x1: left, x2: left + width, y1: py, y2: py }),
            text({ x: left - 5, y: py + 4, "text-anchor": "end" }, written),
          ];
        }),
        text({ x: left + width / 2, y: HEIGHT - 7, ...closer(xName, width) }, xName),
        text(
          { transform: `translate(12 ${top + height / 2}) rotate(-90)`, ...closer(yName, height) },
          yName,
        ),
      );
    },
  };
  return plot;
}

/** A name too long for its axis is set closer. */
const closer = (name, room) =>
  name.length * 7.5 > room ? { textLength: room, lengthAdjust: "spacingAndGlyphs" } : {};

/** A path through pixels. */
export const pathOf = (points) =>
  `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

// ---------------------------------------------------------------- dragging

// From each pointer that is down to the middle of what it holds, so that nothing jumps.
const held = new Map();

/**
 * Call `move(x, y)` in the panel's pixels while a pointer drags `el`. Where several lie close
 * together, `nearest(x, y)` says which of them a pointer that went down means.
 */
function draggable(el, plot, move, nearest = () => el) {
  put(el, {
    // Or the page would scroll under the finger; touch-action is not honoured inside an svg.
    ontouchstart: (event) => event.preventDefault(),
    onpointerdown: (event) => {
      event.preventDefault();
      const [px, py] = plot.at(event);
      const meant = nearest(px, py);
      const { e, f } = meant.transform.baseVal[0].matrix;
      held.set(event.pointerId, [e - px, f - py]);
      meant.setPointerCapture(event.pointerId);
      meant.focus({ preventScroll: true });
    },
    onpointermove: (event) => {
      if (!el.hasPointerCapture(event.pointerId)) return;
      const [px, py] = plot.at(event);
      const [dx, dy] = held.get(event.pointerId);
      move(px + dx, py + dy);
    },
  });
  return el;
}

const finger = (r) => h("circle", { class: "ex-touch", r });

/**
 * A handle that stands for one thing. `place()` is where it is in the data, [x, y] or [x]; `go` takes
 * it elsewhere; `.show(text)` draws it there and says so.
 */
export function grip(plot, label, place, go, shapes = [finger(22), h("circle", { r: 7 })]) {
  const el = h(
    "g",
    {
      class: "ex-here",
      tabindex: 0,
      role: "slider",
      "aria-label": label,
      onkeydown: (event) => {
        const to = steer(event, place(), plot.room);
        if (to === null) return;
        event.preventDefault();
        go(...to);
      },
    },
    ...shapes,
  );
  plot.front.append(draggable(el, plot, (px, py) => go(...plot.place(px, py))));
  /** `py` is its height in pixels where the place is x alone. */
  el.show = (text, py) => {
    const [x, y] = place();
    const [low, high] = plot.room[0];
    put(el, {
      transform: `translate(${plot.x(x).toFixed(2)} ${(py ?? plot.y(y)).toFixed(2)})`,
      "aria-valuenow": x,
      "aria-valuemin": low,
      "aria-valuemax": high,
      "aria-valuetext": text,
    });
  };
  return el;
}

const ROUND = "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1-5 0Z";
const DIAMOND = "M0-7L7 0L0 7L-7 0Z";

/**
 * Handles for many points of one plot. `places()` is where they are in the data, [x, y] or [x] (then
 * on the line y = 0); `go(k, place)`, `choose(k)` and `remove(k)` do what a reader asks for.
 * `.show(chosen, look)` draws them; `look(k)` gives label and text, and whether a point is odd or open.
 */
export function handles(plot, { places, go, choose, remove, place = plot.place, step }) {
  const pixels = ([x, y = 0]) => [plot.x(x), plot.y(y)];
  const all = pool(plot.front.appendChild(h("g")), (k) => {
    const el = h(
      "g",
      {
        class: "ex-dot",
        role: "slider",
        onfocus: () => choose(k),
        onkeydown: (event) => key(event, k),
      },
      finger(18),
      h("path"),
    );
    return draggable(
      el,
      plot,
      (px, py) => go(k, place(px, py)),
      (px, py) => {
        const away = places().map((at) => {
          const [x, y] = pixels(at);
          return Math.hypot(x - px, y - py);
        });
        return all(away.length)[away.indexOf(Math.min(...away))];
      },
    );
  });
  // On top of all, so that the chosen one is found in a crowd.
  const halo = plot.front.appendChild(h("circle", { class: "ex-halo", r: 8.5 }));

  function key(event, k) {
    const n = places().length;
    const to = steer(event, places()[k], plot.room, step);
    const hop = event.ctrlKey || event.metaKey ? 0 : { n: 1, p: -1 }[event.key.toLowerCase()];
    if (to) go(k, to);
    else if (hop) all(n)[(k + hop + n) % n].focus();
    else if (event.key === "Delete" || event.key === "Backspace") {
      remove(k);
      all(places().length)[Math.min(k, places().length - 1)].focus();
    } else return;
    event.preventDefault();
  }

  return {
    show(chosen, look) {
      const [low, high] = plot.room[places()[0].length - 1];
      all(places().length).forEach((el, k) => {
        const [px, py] = pixels(places()[k]);
        const transform = `translate(${px.toFixed(2)} ${py.toFixed(2)})`;
        const { label, text, odd, open, value = places()[k].at(-1) } = look(k);
        put(el, {
          transform,
          class: `ex-dot${odd ? " ex-outlier" : ""}${open ? " ex-open" : ""}`,
          tabindex: k === chosen ? 0 : -1,
          "aria-label": label,
          "aria-valuenow": value,
          "aria-valuemin": low,
          "aria-valuemax": high,
          "aria-valuetext": text,
        });
        // Outliers differ in shape, not only in colour.
        put(el.lastChild, { d: odd ? DIAMOND : ROUND });
        if (k === chosen) put(halo, { transform });
      });
    },
  };
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
