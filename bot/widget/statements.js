/** Statements of the review: text, citations, place, figures with design and population, editor's notes. */

import { entry, list, make } from "./dom.js";

/** @import { Context, Result, Statement } from "./types.d.ts" */

const MARKS = /\[(\d{1,2})\]|[(（](\d(?:\.\d)?\/\d+)[)）]/g;

/**
 * A citation that opens its reference; it tells how sure it is what the work is.
 * @param {Context} context
 * @param {number} number
 */
export function chip(context, number) {
  const { words, review } = context;
  const state = review.references.get(number)?.state ?? "unresolved";
  return make(
    "button",
    {
      type: "button",
      class: "chip",
      data: { state },
      title: words.states[state],
      ariaLabel: `${words.citation(number)}${words.comma}${words.states[state]}`,
      on: { click: () => context.showReference(number) },
    },
    String(number),
  );
}

/**
 * A line of text in which citations such as [14] are chips and places such as (3.3/2) lead to their statements.
 * @param {Context} context
 * @param {string} text
 * @param {string[]} [statements] those that the text is made of, in their order; each is taken off when it is met
 */
export function withChips(context, text, statements = []) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, citation, place] = match;
    const at = place ? statements.findIndex((id) => context.review.statements.get(id)?.place === place) : -1;
    if (place && at < 0) continue;
    parts.push(text.slice(end, match.index), citation ? chip(context, Number(citation)) : placeLink(context, statements.splice(at, 1)[0], whole));
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)];
}

/**
 * @param {Context} context
 * @param {string} id
 * @param {string} place
 */
function placeLink(context, id, place) {
  const { openStatement } = context.words;
  return link(context, `statements/${id}`, place, { class: "place", title: openStatement, ariaLabel: `${openStatement} ${place}` });
}

/**
 * A statement in one paragraph.
 * @param {Context} context
 * @param {Statement} statement
 * @param {"text" | "short"} [length]
 * @param {string} [mark] what stands before it
 */
export function statementLine(context, statement, length = "text", mark = "") {
  return make("p", { class: "statement" }, mark, statement[length][context.lang], " ", ...sources(context, statement));
}

/**
 * Where a statement comes from: its citations, its place, and the marks of its editor's notes.
 * @param {Context} context
 * @param {Statement} statement
 */
export function sources(context, { id, place, citations, notes }) {
  return [...citations.map((number) => chip(context, number)), placeLink(context, id, place), ...notes.map((id) => make("span", { class: "note-mark" }, id))];
}

/**
 * What is behind a statement, as a list of terms.
 * @param {Context} context
 * @param {Statement} statement
 */
export function evidence(context, statement) {
  const { lang, words, review } = context;
  const size = [
    statement.n && `n = ${statement.n}`,
    statement.n_lesions && `${statement.n_lesions}${words.units.lesions}`,
  ].filter(Boolean);
  const rows = [
    [words.design, review.names.designs[statement.design]?.[lang]],
    [words.size, size.join(words.comma)],
    [words.population, statement.population?.[lang]],
    [words.figures, list("figures", statement.results.map((result) => figure(context, result)))],
  ].filter(([, value]) => value);
  return rows.length > 0 && make("dl", { class: "evidence" }, ...rows.map(([term, value]) => entry(term || "", value)));
}

/**
 * One figure in words, exactly as it is noted.
 * @param {Context} context
 * @param {Result} result
 */
export function figure({ lang, words }, result) {
  const unit = words.units[/** @type {keyof typeof words.units} */ (result.unit)] ?? ` ${result.unit}`;
  const span = result.low !== null && result.high !== null ? `${result.low}–${result.high}` : null;
  const bound = result.low !== null ? `≥ ${result.low}` : `≤ ${result.high}`;
  const amount = result.value === null ? `${span ?? bound}${unit}` : `${words.relations[result.relation]}${result.value}${unit}`;
  const range = result.value !== null && span ? ` (${span}${unit})` : "";
  const head = [
    result.arm?.[lang],
    words.measure(result.measure),
    words.statistic(result.statistic),
    result.time && words.at(result.time.value, result.time.unit),
  ].filter(Boolean);
  const count = result.count ? ` (${result.count[0]}/${result.count[1]})` : "";
  return `${head.join(words.comma)}${words.colon}${amount}${range}${count}${result.p ? ` (P${result.p})` : ""}`;
}

/**
 * The editor's notes that travel with these statements, each once.
 * @param {Context} context
 * @param {Statement[]} statements
 * @param {"text" | "short"} [length]
 */
export function notes({ lang, words, review }, statements, length = "text") {
  const ids = new Set(statements.flatMap((statement) => statement.notes));
  return [...ids].map((id) => note(words, id, review.statements.get(id)?.[length][lang]));
}

/**
 * @param {Context["words"]} words
 * @param {string} id
 * @param {string | undefined} text
 */
export function note(words, id, text) {
  return make("p", { class: "note" }, make("strong", {}, `${words.editorNote} ${id}${words.colon}`), text);
}

/**
 * A statement with everything that belongs to it.
 * @param {Context} context
 * @param {Statement} statement
 */
export function fullStatement(context, statement) {
  return make("div", { class: "full" }, statementLine(context, statement), evidence(context, statement), ...notes(context, [statement]));
}

/**
 * A link inside the widget; only on a page of its own it changes the address.
 * @param {Context} context
 * @param {string} route
 * @param {import("./dom.js").Child} title
 * @param {Record<string, any>} [properties]
 */
export function link(context, route, title, properties = {}) {
  /** @param {MouseEvent} event */
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    context.go(route);
  };
  return make("a", { href: context.address(route), on: { click: follow }, ...properties }, title);
}
