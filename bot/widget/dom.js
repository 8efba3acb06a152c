/** Elements. All text is set as text, never as markup. */

/** @typedef {string | number | Node | null | undefined | false} Child */

/**
 * An element with properties and children. A property that is no property of the element becomes an attribute;
 * `on` maps events to what they do, `class` is the class. What is null or false is left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, action] of Object.entries(value)) element.addEventListener(event, action);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name in element && name !== "list" && name !== "lang") Object.assign(element, { [name]: value });
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {(string | Node)[]} */ (children.flat().filter((child) => child || child === 0)));
  return element;
}

/** @param {...Child} children */
export const p = (...children) => make("p", {}, ...children);

/** @param {...Child} children */
export const quiet = (...children) => make("p", { class: "quiet" }, ...children);

/**
 * A page with its title, where reading begins when it opens.
 * @param {string} name
 * @param {string} title
 * @param {...(Child | Child[])} children
 */
export const page = (name, title, ...children) => make("div", { class: name }, make("h2", { tabIndex: -1 }, title), ...children);

/**
 * A term and what is said of it.
 * @param {Child} term
 * @param {...Child} said
 */
export const entry = (term, ...said) => make("div", {}, make("dt", {}, term), ...said.map((one) => one && make("dd", {}, one)));

/**
 * A button that does something.
 * @param {Child} title
 * @param {string} className
 * @param {(event: Event) => void} action
 * @param {Record<string, any>} [properties]
 */
export function button(title, className, action, properties = {}) {
  return make("button", { type: "button", class: className, on: { click: action }, ...properties }, title);
}

/**
 * A part that can be opened.
 * @param {Child | Child[]} title
 * @param {string} className
 * @param {...(Child | Child[])} children
 */
export function disclosure(title, className, ...children) {
  return make("details", { class: className }, make("summary", {}, title), ...children);
}

/**
 * A list, or nothing if it would be empty.
 * @param {string} className
 * @param {Child[]} items
 * @param {"ul" | "ol"} [tag]
 */
export function list(className, items, tag = "ul") {
  return items.length ? make(tag, { class: className, role: "list" }, ...items.map((item) => make("li", {}, item))) : null;
}

/** A random name that nobody guesses, also where the page is not served over HTTPS. */
export function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A button that copies text; browsers offer their clipboard to pages served over HTTPS only.
 * @param {import("./types.d.ts").Context} context
 * @param {string} title
 * @param {string} className
 * @param {() => string} text
 */
export function copying(context, title, className, text) {
  const { words } = context;
  return button(title, className, async (event) => context.tell((await copied(text(), /** @type {Node} */ (event.target))) ? words.copied : words.notCopied));
}

/**
 * @param {string} text
 * @param {Node} near where a helper element may stand
 */
async function copied(text, near) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here: the old way may still be.
    }
  }
  const helper = make("textarea", { value: text, class: "hidden", ariaHidden: "true", tabIndex: -1 });
  near.appendChild(helper);
  helper.select();
  const done = document.execCommand("copy");
  helper.remove();
  return done;
}

/**
 * Hands a file to the user.
 * @param {string} name
 * @param {string} type
 * @param {string} content
 */
export function download(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
