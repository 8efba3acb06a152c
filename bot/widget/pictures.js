/** Pictures that the server draws from the statements, each with its sources and as a table. */

import { disclosure, make } from "./dom.js";
import { chip, note, withChips } from "./statements.js";

/** @import { Case, Context, Picture } from "./types.d.ts" */

/** A picture of more therapies than these is an overview. */
const FEW = 4;

/**
 * The pictures that show any of these statements.
 * @param {Context} context
 * @param {string[]} statements
 */
export function picturesOf(context, statements) {
  const shows = (/** @type {Picture} */ picture) => picture.therapies.length <= FEW && picture.table.rows.some((row) => statements.includes(row.statement));
  return drawn(context).filter(shows).map((picture) => drawing(context, picture));
}

/**
 * The pictures of the whole review, which are large: each opens by its title.
 * @param {Context} context
 */
export function overviewPictures(context) {
  return drawn(context).filter((picture) => picture.therapies.length > FEW).map((picture) => disclosure(picture.title, "section", drawing(context, picture)));
}

/**
 * The place of this patient in the treatment pathway, drawn when it is opened.
 * @param {Context} context
 * @param {Case["facts"]} facts
 */
export function pathway(context, facts) {
  const { lang, server, words } = context;
  const found = drawn(context).find(({ name }) => name === "pathway");
  if (!found) return null;
  const figure = make("div", { class: "scroll", tabIndex: 0, role: "region", ariaLabel: found.title }, words.loading);
  const part = disclosure(found.title, "section", figure);
  part.ontoggle = () => {
    // A document by request: a strict page forbids to parse text.
    const request = new XMLHttpRequest();
    request.open("POST", `${server}/api/pictures/pathway.svg?lang=${lang}`);
    request.responseType = "document";
    request.setRequestHeader("Content-Type", "application/json");
    request.onload = () => figure.replaceChildren(request.responseXML?.documentElement ?? words.failed);
    request.onerror = () => figure.replaceChildren(words.failed);
    if (part.open) request.send(JSON.stringify(facts));
  };
  return part;
}

/** @param {Context} context */
function drawn({ lang, review }) {
  return review.pictures[lang] ?? [];
}

/**
 * @param {Context} context
 * @param {Picture} picture
 */
function drawing(context, { name, title, alt, width, height, citations, notes, table }) {
  const { lang, words, server } = context;
  return make(
    "figure",
    { class: "picture" },
    make("img", { src: `${server}/api/pictures/${encodeURIComponent(name)}.svg?lang=${lang}`, alt, width, height, loading: "lazy" }),
    make("figcaption", {}, title, " ", ...citations.map((number) => chip(context, number))),
    disclosure(
      words.pictureTable,
      "",
      ...notes.map(({ id, text }) => note(words, id, text)),
      make(
        "div",
        { class: "scroll", tabIndex: 0, role: "region", ariaLabel: title },
        make(
          "table",
          {},
          make("thead", {}, make("tr", {}, ...table.columns.map((column) => make("th", { scope: "col" }, column)))),
          make("tbody", {}, ...table.rows.map((row) => make("tr", {}, ...row.cells.map((cell) => make("td", {}, ...withChips(context, cell)))))),
        ),
      ),
    ),
  );
}
