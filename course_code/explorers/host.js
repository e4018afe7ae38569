// Brings the explorers of a static page to life: no kernel, no library, no other host.
// <figure class="explorer" data-explorer="loss-surface" data-state="{...}"> holds a picture and a
// caption; the module of that name, next to this file, is mounted beside them.

/** What anywidget gives `render`, as a plain object: get, set, on, off, save_changes. */
export function plainModel(state) {
  const values = { ...state };
  const listeners = new Map();
  return {
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === value) return;
      values[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
    off(event, listener) {
      listeners.set(
        event,
        (listeners.get(event) ?? []).filter((other) => other !== listener),
      );
    },
    save_changes() {},
  };
}

/** The part of `state` that differs from `start`, for a link. */
export function changes(start, model) {
  const different = ([name, value]) => JSON.stringify(model.get(name)) !== JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(start)
      .filter(different)
      .map(([name]) => [name, model.get(name)]),
  );
}

const FRAGMENT = /^#(explorer-[a-z0-9-]+)=(.+)$/;

/** The changes a link carries for the figure with this id: {} if none, null if they fail `check`. */
export function fromLink(hash, id, check) {
  const [, target, text] = FRAGMENT.exec(hash) ?? [];
  if (target !== id) return {};
  try {
    const changed = parse(decodeURIComponent(text));
    check(changed);
    return changed;
  } catch {
    return null;
  }
}

function say(figure, text) {
  const note = document.createElement("p");
  note.className = "ex-message";
  note.setAttribute("role", "note");
  note.textContent = text;
  figure.prepend(note);
}

function parse(text = "null") {
  let state;
  try {
    state = JSON.parse(text);
  } catch {
    throw new Error("data-state: cannot be read");
  }
  if (state?.constructor !== Object) throw new Error("data-state: must be an object");
  return state;
}

async function mount(figure, id) {
  figure.id ||= id;
  const name = figure.dataset.explorer;
  try {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new Error(`there is no explorer called "${name}"`);
    const start = parse(figure.dataset.state);
    const module = await import(new URL(`${name}.js`, import.meta.url));
    const { render, check } = module.default;
    check(start);
    const linked = fromLink(location.hash, figure.id, (changed) => check({ ...start, ...changed }));
    if (linked === null) say(figure, "The state in this link cannot be read. Here is the start.");
    const model = plainModel({ ...start, ...linked });
    model.start = start;
    model.link = () => {
      const state = encodeURIComponent(JSON.stringify(changes(start, model)));
      return `${location.href.split("#")[0]}#${figure.id}=${state}`;
    };
    const el = document.createElement("div");
    render({ model, el });
    figure.insertBefore(el, figure.querySelector("figcaption"));
    figure.classList.add("explorer-live");
    if (linked && Object.keys(linked).length > 0) figure.scrollIntoView();
  } catch (error) {
    say(figure, `This explorer could not start: ${error.message}.`);
  }
}

if (typeof document !== "undefined") {
  const seen = {};
  for (const figure of document.querySelectorAll("[data-explorer]")) {
    const name = figure.dataset.explorer;
    seen[name] = (seen[name] ?? 0) + 1;
    mount(figure, `explorer-${name}${seen[name] > 1 ? `-${seen[name]}` : ""}`);
  }
}
