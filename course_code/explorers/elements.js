// Elements of a page, made once and then changed in place, so that focus and dragging survive.
// Colours come from the page (currentColor) and from the palette's CSS variables; nothing here knows
// a theme.

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

/** `pool(parent, make)(n)`: exactly n children, made once each. */
export function pool(parent, make) {
  const items = [];
  return (n) => {
    while (items.length < n) items.push(parent.appendChild(make(items.length)));
    while (items.length > n) items.pop().remove();
    return items;
  };
}

/** `f`, called anew only when its arguments, as JSON, are not those of the call before. */
export function memo(f) {
  let key;
  let value;
  return (...given) => {
    const now = JSON.stringify(given);
    if (now !== key) {
      key = now;
      value = f(...given);
    }
    return value;
  };
}
