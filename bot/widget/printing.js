/** Prints a part of the widget without the page around it. */

import { styleText } from "./styles.js";

/** @param {HTMLElement} content */
export function printPage(content) {
  const frame = document.createElement("iframe");
  frame.title = "print";
  frame.hidden = true;
  document.body.append(frame);
  const view = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(styleText);
  view.document.adoptedStyleSheets = [sheet];
  view.document.documentElement.lang = content.lang;
  view.document.body.className = "printed";
  view.document.body.append(view.document.importNode(content, true));
  view.addEventListener("afterprint", () => frame.remove());
  view.print();
}
