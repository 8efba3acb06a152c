/** Two to four therapies side by side, without a ranking that the review does not make. */

import { button, list, make, p, page } from "./dom.js";
import { therapyNames } from "./facts.js";
import { picturesOf } from "./pictures.js";
import { evidence, figure, notes, sources, statementLine } from "./statements.js";

/** @import { Context, Statement } from "./types.d.ts" */

const MOST = 4;
const ROWS = /** @type {const} */ ({
  indication: ["indication", "recommendation", "definition"],
  evidence: ["outcome", "association", "background"],
  figures: ["outcome"],
  risks: ["risk"],
  limits: ["limitation"],
});

/**
 * @param {Context} context
 * @param {string[]} asked ids of therapies; what is none is left out
 */
export function comparePage(context, asked) {
  const { lang, words, review } = context;
  const chosen = asked.filter((id) => review.therapies.has(id)).slice(0, MOST);
  /** @param {string} id */
  const toggle = (id) => context.go(`compare/${(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]).join("+")}`);
  return page(
    "compare",
    words.views.compare,
    p(words.compareLead),
    make(
      "fieldset",
      {},
      make("legend", {}, words.therapies),
      ...[...review.therapies.values()].map((therapy) =>
        make(
          "label",
          {},
          make("input", {
            type: "checkbox",
            name: therapy.id,
            checked: chosen.includes(therapy.id),
            disabled: chosen.length >= MOST && !chosen.includes(therapy.id),
            on: { change: () => toggle(therapy.id) },
          }),
          " ",
          therapy.short[lang],
        ),
      ),
    ),
    make("p", { class: "quiet", role: "status" }, chosen.length < 2 ? words.compareFew : chosen.length === MOST ? words.compareMany : ""),
    ...(chosen.length < 2 ? [] : table(context, chosen)),
  );
}

/**
 * @param {Context} context
 * @param {string[]} chosen
 */
function table(context, chosen) {
  const { lang, words, review } = context;
  const own = new Map(chosen.map((id) => [id, statementsOn(context, id)]));
  const all = [...new Set([...own.values()].flat())];
  const direct = all.filter((statement) => chosen.filter((id) => own.get(id)?.includes(statement)).length > 1);
  const caption = therapyNames(context, chosen, "name");
  return [
    make("h3", {}, words.compareDirect),
    list("statements", direct.map((statement) => statementLine(context, statement))) ?? p(words.compareNoDirect),
    make(
      "div",
      { class: "scroll", tabIndex: 0, role: "region", ariaLabel: caption },
      make(
        "table",
        { class: "comparison" },
        make("caption", { class: "hidden" }, caption),
        make("thead", {}, make("tr", {}, make("td", {}), ...chosen.map((id) => make("th", { scope: "col" }, review.therapies.get(id)?.name[lang])))),
        make(
          "tbody",
          {},
          ...Object.keys(ROWS).map((row) =>
            make(
              "tr",
              { data: { row } },
              make("th", { scope: "row" }, words.compareRows[/** @type {keyof typeof ROWS} */ (row)]),
              ...chosen.map((id) => make("td", {}, ...cell(context, /** @type {keyof typeof ROWS} */ (row), own.get(id) ?? []))),
            ),
          ),
        ),
      ),
    ),
    ...picturesOf(context, all.map((statement) => statement.id)),
    button(words.askComparison, "choice", () => context.say(chosen.map((id) => review.therapies.get(id)?.name[lang]).join(" vs "))),
  ];
}

/**
 * The statements on a therapy itself or a special form of it.
 * @param {Context} context
 * @param {string} id
 */
function statementsOn({ review }, id) {
  return [...review.statements.values()].filter(
    (statement) => statement.kind !== "editor_note" && statement.therapies.some((other) => other === id || review.therapies.get(other)?.parent === id),
  );
}

/**
 * @param {Context} context
 * @param {keyof typeof ROWS} row
 * @param {Statement[]} statements
 */
function cell(context, row, statements) {
  const { words } = context;
  const kinds = /** @type {readonly string[]} */ (ROWS[row]);
  const found = statements.filter((statement) => kinds.includes(statement.kind));
  if (row === "figures") {
    const figures = found.flatMap((statement) => statement.results.map((result) => make("span", {}, figure(context, result), " ", ...sources(context, statement))));
    return [list("plain", figures) ?? words.nothing];
  }
  const remarks = row === "limits" ? notes(context, statements, "short") : [];
  // A short form may leave out its subject, which in the column of another therapy would be taken for the subject.
  const lines = found.map((statement) => make("div", {}, statementLine(context, statement, statement.therapies.length > 1 ? "text" : "short"), row === "evidence" && evidence(context, { ...statement, results: [] })));
  return lines.length + remarks.length ? [list("plain", lines), ...remarks] : [words.nothing];
}
