/** The pages of trainees: questions to begin with, a search, and all the review says, each with an address. */

import { button, copying, disclosure, list, make, p, page, quiet } from "./dom.js";
import { therapyNames } from "./facts.js";
import { overviewPictures, picturesOf } from "./pictures.js";
import { chip, evidence, link, notes, statementLine } from "./statements.js";

/** @import { Context, Reference, Statement } from "./types.d.ts" */

const QUESTIONS_A_TOPIC = 3;
const TELLING = new Set(["outcome", "indication", "risk", "recommendation", "association"]);

/** @param {Context} context */
export function learnPage(context) {
  const { lang, words, review } = context;
  const statements = [...review.statements.values()].filter((statement) => statement.kind !== "editor_note");
  const results = make("div", { class: "results" });
  const count = make("p", { class: "quiet", role: "status" });
  const input = make("input", { id: "search", type: "search", autocomplete: "off", placeholder: words.searchHint, on: { input: search } });

  function search() {
    const wanted = searchable(input.value).split(/\s+/).filter(Boolean);
    const found = wanted.length ? statements.filter((statement) => wanted.every((word) => index(context, statement).includes(word))) : [];
    count.textContent = wanted.length ? words.found(found.length) : "";
    results.replaceChildren(list("statements", found.map((statement) => statementLine(context, statement))) ?? "");
  }

  return page(
    "learn",
    words.views.learn,
    p(words.learnLead),
    make("div", { class: "search", role: "search" }, make("label", { htmlFor: "search" }, words.search), input, count),
    results,
    make("h3", {}, words.begin),
    make("div", { class: "topics" }, ...topics(context, statements)),
    ...overviewPictures(context),
    make("h3", {}, words.therapies),
    list("tiles", [...review.therapies.values()].map((therapy) => link(context, `therapies/${therapy.id}`, therapy.name[lang]))),
    make("h3", {}, words.statements),
    ...bySection(context, statements),
    make("h3", {}, words.references),
    list("references", [...review.references.values()].map((reference) => referenceLine(context, reference))),
  );
}

/** @param {string} text */
function searchable(text) {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * Everything a statement can be found by, in both languages.
 * @param {Context} context
 * @param {Statement} statement
 */
function index({ review }, { therapies, text, short, questions, authors }) {
  const names = therapies.flatMap((id) => Object.values(review.therapies.get(id)?.name ?? {}));
  return searchable([text, short, questions].flatMap((both) => Object.values(both).flat()).concat(names, authors).join(" "));
}

/**
 * @param {Context} context
 * @param {Statement[]} statements
 */
function topics(context, statements) {
  const { lang, review } = context;
  return Object.entries(review.names.sections)
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([section, title]) => {
      const own = statements.filter((statement) => statement.place.split("/")[0] === section && TELLING.has(statement.kind));
      const questions = own.slice(0, QUESTIONS_A_TOPIC).flatMap((statement) => statement.questions[lang][0] ?? []);
      return questions.length > 0 && make("section", {}, make("h4", {}, title[lang]), list("choices", questions.map((text) => button(text, "choice", () => context.say(text)))));
    });
}

/**
 * @param {Context} context
 * @param {Statement[]} statements
 */
function bySection(context, statements) {
  const sections = new Map(statements.map((statement) => [statement.place.split("/")[0], /** @type {Statement[]} */ ([])]));
  for (const statement of statements) sections.get(statement.place.split("/")[0])?.push(statement);
  const { lang, review } = context;
  return [...sections].map(([section, own]) =>
    disclosure(`${section} ${review.names.sections[section]?.[lang] ?? ""} (${own.length})`, "section", list("statements", own.map((statement) => statementLine(context, statement, "short")))),
  );
}

/**
 * One statement with everything that belongs to it.
 * @param {Context} context
 * @param {string} id
 */
export function statementPage(context, id) {
  const { lang, words, review } = context;
  const statement = review.statements.get(id);
  if (!statement) return missing(context);
  const concerned = statement.concerns.flatMap((other) => review.statements.get(other) ?? []);
  const therapies = statement.therapies.map((therapy) => link(context, `therapies/${therapy}`, therapyNames(context, [therapy], "name")));
  return page(
    "learn",
    statement.kind === "editor_note" ? `${words.editorNote} ${id}` : words.statement,
    make("p", { class: "large" }, statement.text[lang], " ", ...statement.citations.map((number) => chip(context, number))),
    quiet(`${words.place} ${statement.place}`),
    evidence(context, statement),
    ...notes(context, [statement]),
    list("statements", concerned.map((other) => statementLine(context, other))),
    ...picturesOf(context, [id]),
    therapies.length > 0 && make("h3", {}, words.therapies),
    list("links", therapies),
    make("h3", {}, words.askThis),
    list("choices", statement.questions[lang].map((text) => button(text, "choice", () => context.say(text)))),
    address(context, `statements/${id}`),
  );
}

/**
 * What the review says of a therapy.
 * @param {Context} context
 * @param {string} id
 */
export function therapyPage(context, id) {
  const { lang, review } = context;
  const therapy = review.therapies.get(id);
  if (!therapy) return missing(context);
  const statements = [...review.statements.values()].filter((statement) => statement.therapies.includes(id) && statement.kind !== "editor_note");
  return page(
    "learn",
    therapy.name[lang],
    ...picturesOf(context, statements.map((statement) => statement.id)),
    list("statements", statements.map((statement) => statementLine(context, statement))),
    ...notes(context, statements),
    address(context, `therapies/${id}`),
  );
}

/**
 * A reference with its state and the statements that cite it.
 * @param {Context} context
 * @param {number} number
 */
export function referencePage(context, number) {
  const reference = context.review.references.get(number);
  if (!reference) return missing(context);
  return page(
    "learn",
    context.words.citation(number),
    referenceBody(context, reference),
    list("statements", citing(context, reference)),
    address(context, `references/${number}`),
  );
}

/**
 * @param {Context} context
 * @param {Reference} reference
 */
export function citing(context, reference) {
  return reference.statements.flatMap((id) => {
    const statement = context.review.statements.get(id);
    return statement && statement.kind !== "editor_note" ? statementLine(context, statement, "short") : [];
  });
}

/**
 * What may be said of a reference: everything of a verified work, with reserve of a probable one, else only its number.
 * @param {Context} context
 * @param {Reference} reference
 */
export function referenceBody({ lang, words }, reference) {
  const work = workText(reference);
  return make(
    "div",
    { class: "reference", data: { state: reference.state } },
    p(make("span", { class: "state" }, words.states[reference.state])),
    p(work || words.unresolved),
    reference.link && p(make("a", { href: reference.link, target: "_blank", rel: "noopener noreferrer" }, `${words.doi}: ${reference.doi}`)),
    !work && reference.named && p(`${words.named}${words.colon}${reference.named}`),
    p(`${words.subject}${words.colon}${reference.subject[lang]}`),
  );
}

/** @param {Reference} reference */
export function workText({ authors, title, journal, year, volume_pages }) {
  const source = [journal, year].filter(Boolean).join(" ") + (volume_pages ? `;${volume_pages}` : "");
  return [authors, title, source].filter(Boolean).map((part) => String(part).replace(/[. ]+$/, "")).join(". ");
}

/**
 * @param {Context} context
 * @param {Reference} reference
 */
function referenceLine(context, reference) {
  const { lang, words } = context;
  return make(
    "p",
    {},
    link(context, `references/${reference.number}`, words.citation(reference.number)),
    " ",
    make("span", { class: "state", data: { state: reference.state } }, words.states[reference.state]),
    " ",
    workText(reference) || reference.subject[lang],
  );
}

/**
 * The address of an entry, to be passed on.
 * @param {Context} context
 * @param {string} route
 */
function address(context, route) {
  const { words } = context;
  const href = context.address(route);
  return make(
    "p",
    { class: "address" },
    `${words.link}${words.colon}`,
    make("a", { href, target: context.paged ? null : "_blank", rel: "noopener" }, href),
    " ",
    copying(context, words.copyLink, "link", () => href),
  );
}

/** @param {Context} context */
function missing({ words }) {
  return page("learn", words.notFound);
}
