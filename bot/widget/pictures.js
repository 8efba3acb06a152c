/** Pictures that the server draws from the statements, each with its sources, its editor's notes and the same as a table. */

import { disclosure, make } from "./dom.js";
import { chip, withChips } from "./statements.js";

/** @import { Context, Picture } from "./types.d.ts" */

/** A picture of more therapies than these is an overview: it stands by itself, not beside one of them. */
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
      // The picture has them in it; here they are for those who read the table instead.
      ...notes.map((note) => make("p", { class: "note" }, make("strong", {}, `${words.editorNote} ${note.id}${words.colon}`), note.text)),
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
