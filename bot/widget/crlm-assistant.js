/**
 * The assistant as an element: `<crlm-assistant>`. Attributes: `server` (by default where this file comes from),
 * `language` (zh, en), `theme` (auto, light, dark, contrast), `height` (of the element, e.g. 600px), `mode` ("page": the
 * element is a page of its own and keeps its address). Everything is in a shadow tree; nothing outside is touched.
 */

import { Assistant } from "./assistant.js";
import { styleSheet } from "./styles.js";
import { firstLanguage } from "./words.js";

class CrlmAssistant extends HTMLElement {
  static observedAttributes = ["language", "theme", "height"];

  /** @type {Assistant | null} */
  #assistant = null;

  connectedCallback() {
    if (!this.#assistant) {
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [styleSheet];
      this.#assistant = new Assistant(root, {
        server: new URL(this.getAttribute("server") || import.meta.url, location.href).origin,
        paged: this.getAttribute("mode") === "page",
        language: this.getAttribute("language"),
        theme: this.getAttribute("theme"),
      });
      this.#setHeight();
    }
    this.#assistant.connection.open();
  }

  disconnectedCallback() {
    this.#assistant?.connection.close();
  }

  /**
   * @param {string} name
   * @param {string | null} _
   * @param {string | null} value
   */
  attributeChangedCallback(name, _, value) {
    if (!this.#assistant) return;
    if (name === "language") this.#assistant.setLanguage(firstLanguage(value));
    else if (name === "theme") this.#assistant.setTheme(value);
    else this.#setHeight();
  }

  #setHeight() {
    // Set by script, not as an attribute: a strict policy of the page forbids the latter.
    this.style.height = this.getAttribute("height") ?? "";
  }
}

if (!customElements.get("crlm-assistant")) customElements.define("crlm-assistant", CrlmAssistant);
