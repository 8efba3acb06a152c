/** The case on one page: to print, to copy as Markdown, to save as JSON. */

import { button, copying, download, list, make, p, page, quiet } from "./dom.js";
import { factLabel, factText, reasons } from "./facts.js";
import { workText } from "./learn.js";
import { contradictions, known } from "./cards.js";
import { chip, notes, statementLine } from "./statements.js";

/** @import { Case, Context, OptionView, Overview, Statement } from "./types.d.ts" */

/**
 * @param {Context} context
 * @param {Case} known
 * @param {Overview} overview
 * @param {(page: HTMLElement) => void} print
 */
export function summaryPage(context, known, overview, print) {
  const { words } = context;
  if (!Object.keys(known.facts).length) return page("summary", words.summaryTitle, p(words.summaryEmpty));
  const summary = collect(context, known, overview);
  const paper = sheet(context, summary);
  return make(
    "div",
    { class: "summary" },
    make(
      "div",
      { class: "choices" },
      button(words.print, "choice", () => print(paper)),
      copying(context, words.copyMarkdown, "choice", () => markdown(paper)),
      button(words.saveJson, "choice", () => download(`crlm-${summary.date}.json`, "application/json", JSON.stringify(summary.data, null, 2))),
    ),
    paper,
  );
}

/**
 * Everything the summary says, whatever form it takes.
 * @param {Context} context
 * @param {Case} facts
 * @param {Overview} overview
 */
function collect(context, facts, overview) {
  const now = new Date();
  const date = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  const options = overview.options.map((option) => ({ option, caution: first(context, option, true), ground: first(context, option, false) }));
  const shown = options.flatMap(({ caution, ground }) => [caution, ground]).filter((statement) => statement !== undefined);
  const mdt = known(context, overview.mdt);
  const citations = [...new Set(overview.options.flatMap((option) => option.citations))].sort((one, other) => one - other);
  const { words } = context;
  return {
    date,
    facts,
    overview,
    options,
    shown,
    mdt,
    citations,
    data: {
      date,
      lang: context.lang,
      knowledge_version: overview.knowledge_version,
      facts: facts.facts,
      words: facts.words,
      unknown: facts.unknown,
      options: overview.options,
      missing: overview.missing.map(({ fact, decisive }) => ({ fact, decisive })),
      contradictions: overview.contradictions,
      citations: citations.map((number) => context.review.references.get(number)),
      disclaimer: words.disclaimer,
    },
  };
}

/** @typedef {ReturnType<typeof collect>} Summary */

/**
 * The most important caution or ground of an option.
 * @param {Context} context
 * @param {OptionView} option
 * @param {boolean} caution
 * @returns {Statement | undefined}
 */
function first(context, option, caution) {
  return known(context, option.statements.filter((id) => option.cautions.includes(id) === caution))[0];
}

/**
 * @param {Context} context
 * @param {Overview} overview
 * @param {boolean} decisive
 */
function open(context, overview, decisive) {
  return overview.missing.filter((entry) => entry.decisive === decisive).map((entry) => factLabel(context, entry.fact)).join(context.words.comma);
}

/**
 * The page itself.
 * @param {Context} context
 * @param {Summary} summary
 */
function sheet(context, { date, facts, overview, options, shown, mdt, citations }) {
  const { lang, words, review } = context;
  const decisive = open(context, overview, true);
  const refining = open(context, overview, false);
  return make(
    "article",
    { class: "sheet", lang: lang === "zh" ? "zh-CN" : "en" },
    make("h2", { tabIndex: -1 }, words.summaryTitle),
    quiet(`${words.date}${words.colon}${date} · ${words.version}${words.colon}${overview.knowledge_version}`),
    make("h3", {}, words.facts),
    list("facts", Object.entries(facts.facts).map(([fact, value]) =>
      make("span", {}, make("strong", {}, factText(context, fact, value)), facts.words[fact] ? make("span", { class: "quiet" }, ` ${words.from(facts.words[fact])}`) : null))),
    ...contradictions(context, overview),
    make("h3", {}, words.options),
    options.length === 0 && p(words.noOptions),
    ...options.map(({ option, caution, ground }) =>
      make(
        "section",
        { data: { stance: option.stance } },
        make("h4", {}, make("span", { class: "stance" }, words.stances[option.stance]), " ", review.therapies.get(option.id)?.name[lang]),
        caution && make("div", { class: "cautions" }, statementLine(context, caution, "short", "⚠ ")),
        ground && statementLine(context, ground, "short"),
        quiet(`${words.because}${words.colon}${reasons(context, option, overview)}`),
      ),
    ),
    ...notes(context, shown, "short"),
    make("h3", {}, words.mdt),
    ...mdt.map((statement) => statementLine(context, statement, "short")),
    decisive && p(make("strong", {}, `${words.unknownFacts}${words.colon}`), decisive),
    refining && p(make("strong", {}, `${words.refiningFacts}${words.colon}`), refining),
    citations.length > 0 && make("h3", {}, words.usedReferences),
    list("references", citations.map((number) => make("span", {}, chip(context, number), ` ${referenceText(context, number)}`))),
    make("p", { class: "disclaimer" }, words.disclaimer),
  );
}

/**
 * @param {Context} context
 * @param {number} number
 */
function referenceText({ words, review }, number) {
  const reference = review.references.get(number);
  if (!reference) return "";
  return [workText(reference) || words.unresolved, reference.doi && `DOI ${reference.doi}`, `(${words.states[reference.state]})`].filter(Boolean).join(" ");
}

/**
 * What stands before and after an element in Markdown, by its class or its tag.
 * @type {Record<string, [string, string]>}
 */
const MARKS = {
  H2: ["# ", "\n"], H3: ["\n## ", "\n"], H4: ["\n### ", "\n"], LI: ["- ", "\n"], P: ["- ", "\n"], STRONG: ["**", "**"],
  chip: ["[", "]"], place: [" (", ")"], "note-mark": [" 〔", "〕"], disclaimer: ["\n> ", "\n"],
};

/**
 * The page as Markdown, with marks of Markdown in its words escaped.
 * @param {Node} node
 * @returns {string}
 */
export function markdown(node) {
  if (!(node instanceof HTMLElement)) return (node.textContent ?? "").replace(/[\\`*_<>#|[\]]/g, "\\$&").replace(/\s+/g, " ");
  const [before, after] = MARKS[node.className] ?? MARKS[node.tagName] ?? ["", ""];
  return before + [...node.childNodes].map(markdown).join("") + after;
}
