// From a set of rules and a function that builds elements to what anywidget mounts.

import { h, write } from "./elements.js";
import { checkState, readState } from "./rules.js";

/** Changes of the same keys that follow one another within this many milliseconds are one gesture. */
const GESTURE = 600;

/**
 * What a reader did, to be undone gesture by gesture: `keep(keys, state, time)` notes the state before
 * a change, `back()` takes the last one out.
 */
export function history(most = 100) {
  const past = [];
  let [last, latest] = ["", -Infinity];
  return {
    keep(keys, state, time) {
      if (keys !== last || time - latest > GESTURE) past.push(state);
      if (past.length > most) past.shift();
      [last, latest] = [keys, time];
    },
    back() {
      last = "";
      return past.pop();
    },
    get length() {
      return past.length;
    },
  };
}

/**
 * anywidget's `render` for an explorer: `build(app)` makes the elements once and returns
 * `draw(state)`, which is called for the first picture and then at most once a frame.
 * A state that breaks a rule shows its message in the explorer's place until it is mended.
 */
export function explorer(rules, build) {
  const names = Object.keys(rules);
  function render({ model, el }) {
    const message = h("p", { class: "ex-message", role: "note", hidden: true });
    const body = h("div", { class: "ex-body" });
    el.classList.add("ex");
    // JupyterLab's own keys (arrows, N, P, Delete) stay out of what has the focus here.
    el.dataset.lmSuppressShortcuts = true;
    el.append(message, body);

    const app = {
      body,
      model,
      state: null,
      past: history(),
      /** Set what need not be undone. */
      assign(changes) {
        // At once, for a second key may come before the next frame.
        app.state = { ...app.state, ...changes };
        for (const [name, value] of Object.entries(changes)) model.set(name, value);
        model.save_changes();
      },
      set(changes) {
        app.past.keep(Object.keys(changes).join(), app.state, performance.now());
        app.assign(changes);
      },
      undo() {
        if (app.past.length > 0) app.assign(app.past.back());
      },
    };
    el.addEventListener("keydown", (event) => {
      const typing = event.target.matches("input[type=number]");
      if (typing && event.key === "Enter") {
        // JupyterLab keeps Enter from a field, which then would not be confirmed.
        event.target.dispatchEvent(new Event("change"));
      } else if (!typing && event.key === "z" && (event.ctrlKey || event.metaKey)) app.undo();
      else return;
      event.preventDefault();
    });
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
    for (const name of names) model.on(`change:${name}`, schedule);
    update();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of names) model.off(`change:${name}`, schedule);
    };
  }
  // `check` lets a host try a state before it mounts it; anywidget only asks for `render`.
  return { render, check: (state) => checkState(state, rules) };
}
