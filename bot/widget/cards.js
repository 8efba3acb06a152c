/** The options as cards: cautions first, then grounds, why, and what would change them. */

import { button, disclosure, entry, list, make, p, quiet } from "./dom.js";
import { effectText, factLabel, factText, reasons, therapyNames } from "./facts.js";
import { picturesOf } from "./pictures.js";
import { fullStatement, notes, statementLine } from "./statements.js";

/** @import { Context, OptionView, Overview, Statement } from "./types.d.ts" */

/** How many cautions and how many grounds a card shows before it is opened. */
const SHOWN = 2;

/**
 * All options of a case, what comes with every result, and why other therapies are none.
 * @param {Context} context
 * @param {Overview} overview
 */
export function optionCards(context, overview) {
  const { words } = context;
  const started = performance.now();
  const cards = make(
    "div",
    { class: "cards" },
    ...contradictions(context, overview),
    ...overview.options.map((option) => optionCard(context, option, overview)),
    overview.options.length === 0 && p(words.noOptions),
    make("section", { class: "mdt" }, make("h4", {}, words.mdt), ...known(context, overview.mdt).map((statement) => statementLine(context, statement, "short"))),
    whyNot(context, overview),
  );
  performance.measure("crlm-cards", { start: started });
  return cards;
}

/**
 * @param {Context} context
 * @param {OptionView} option
 * @param {Overview} overview
 */
export function optionCard(context, option, overview) {
  const { lang, words, review } = context;
  const cautions = known(context, option.cautions);
  const grounds = known(context, option.statements.filter((id) => !option.cautions.includes(id)));
  const name = review.therapies.get(option.id)?.name[lang] ?? option.id;
  return make(
    "article",
    { class: "card", data: { stance: option.stance, therapy: option.id }, ariaLabel: `${words.stances[option.stance]}${words.colon}${name}` },
    make("header", {}, make("span", { class: "stance" }, words.stances[option.stance]), make("h3", {}, name)),
    cautions.length > 0 &&
      make("section", { class: "cautions" }, make("h4", {}, `⚠ ${words.cautions}`), ...cautions.slice(0, SHOWN).map((statement) => statementLine(context, statement, "short"))),
    make("section", {}, make("h4", {}, words.grounds), ...grounds.slice(0, SHOWN).map((statement) => statementLine(context, statement, "short"))),
    ...notes(context, [...cautions.slice(0, SHOWN), ...grounds.slice(0, SHOWN)], "short"),
    disclosure(words.why, "why", why(context, option, overview)),
    disclosure(words.whatWouldChange, "change", changes(context, option, overview)),
    disclosure(words.details, "details", ...[...cautions, ...grounds].map((statement) => fullStatement(context, statement)), ...picturesOf(context, option.statements)),
  );
}

/**
 * @param {Context} context
 * @param {OptionView} option
 * @param {Overview} overview
 */
function why(context, option, overview) {
  const { words } = context;
  return make(
    "dl",
    { class: "evidence" },
    entry(words.because, reasons(context, option, overview)),
    entry(words.rule, ...option.rules.map((rule) => make("code", {}, rule))),
  );
}

/**
 * @param {Context} context
 * @param {OptionView} option
 * @param {Overview} overview
 */
function changes(context, option, overview) {
  const concerned = overview.missing.filter((open) => option.would_change.includes(open.fact));
  const lines = concerned.flatMap((open) =>
    open.effects
      .filter((effect) => [...effect.adds, ...effect.removes, ...effect.restances, ...effect.cautions].includes(option.id))
      .map((effect) => effectText(context, open.fact, effect, [option.id])),
  );
  return list("plain", lines) ?? p(context.words.nothingWouldChange);
}

/**
 * @param {Context} context
 * @param {Overview} overview
 */
function whyNot(context, overview) {
  const { words } = context;
  const rows = overview.others.map(({ id, against, open }) =>
    entry(
      therapyNames(context, [id], "name"),
      against.length > 0 && `${words.against}${words.colon}${against.map((fact) => factText(context, fact, overview.facts[fact])).join(" · ")}`,
      open.length > 0 && `${words.stillOpen}${words.colon}${open.map((fact) => factLabel(context, fact)).join(words.comma)}`,
    ),
  );
  return rows.length > 0 && disclosure(words.whyNot, "whynot", make("dl", { class: "evidence" }, ...rows));
}

/**
 * The options in short, by stance; each opens its card.
 * @param {Context} context
 * @param {Overview} overview
 */
export function optionList(context, overview) {
  const { words } = context;
  const stances = /** @type {(keyof typeof words.stances)[]} */ (Object.keys(words.stances));
  const groups = stances.filter((stance) => overview.options.some((option) => option.stance === stance));
  if (!groups.length) return quiet(words.noOptions);
  return make(
    "dl",
    { class: "live" },
    ...groups.map((stance) =>
      make(
        "div",
        { data: { stance } },
        make("dt", { class: "stance" }, words.stances[stance]),
        ...overview.options
          .filter((option) => option.stance === stance)
          .map((option) => make("dd", {}, button(therapyNames(context, [option.id]), "link", () => context.showOption(option, overview)))),
      ),
    ),
  );
}

/**
 * @param {Context} context
 * @param {Overview} overview
 */
export function contradictions({ lang, words }, overview) {
  return overview.contradictions.map((found) => make("p", { class: "caution" }, `⚠ ${words.contradiction}${words.colon}${found.text[lang]}`));
}

/**
 * @param {Context} context
 * @param {string[]} ids
 * @returns {Statement[]}
 */
export function known({ review }, ids) {
  return ids.flatMap((id) => review.statements.get(id) ?? []);
}
