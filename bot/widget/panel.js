/** The case beside the conversation: facts to put right, open facts, and the options as they stand. */

import { optionList } from "./cards.js";
import { button, disclosure, list, make, quiet } from "./dom.js";
import { effectText, factLabel, factText } from "./facts.js";
import { pathway } from "./pictures.js";

/** @import { Case, Context, OpenFact, Overview } from "./types.d.ts" */

export class Panel {
  /** @type {string | null} */
  #edited = null;
  /** @type {Case | null} */
  #case = null;
  /** @type {Overview | null} */
  #overview = null;

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.element = make("aside", { class: "panel", id: "case" });
  }

  /**
   * @param {Case} known
   * @param {Overview | null} overview what follows from it, once that is known
   */
  show(known, overview) {
    this.#case = known;
    this.#overview = overview;
    if (this.#edited === null) this.#draw();
  }

  #draw() {
    if (!this.#case) return;
    const { context } = this;
    const { words } = context;
    const { facts, unknown } = this.#case;
    const focused = /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement;
    const place = this.element.contains(focused) && /** @type {HTMLElement?} */ (focused?.closest("[data-fact]"))?.dataset.fact;
    this.element.ariaLabel = words.case;
    this.element.replaceChildren(
      make("h2", {}, words.case),
      list("facts", Object.keys(facts).map((fact) => this.#fact(fact))) ?? quiet(words.noFacts),
      ...this.#open(unknown),
      make("h3", {}, words.live),
      this.#overview ? optionList(context, this.#overview) : quiet(words.loading),
      pathway(context, facts) ?? "",
    );
    if (place) this.#focus(place);
  }

  /** @param {string} fact */
  #fact(fact) {
    const { context } = this;
    const { words } = context;
    if (this.#edited === fact) return this.#editor(fact);
    const value = this.#case?.facts[fact];
    const origin = this.#case?.words[fact];
    return make(
      "div",
      { class: "fact", data: { fact } },
      make("strong", { class: "value" }, factText(context, fact, value)),
      make(
        "span",
        { class: "tools" },
        this.#tool(words.edit, fact, () => this.#edit(fact)),
        this.#tool(words.remove, fact, () => context.edit(fact, null)),
      ),
      origin ? make("q", { class: "words" }, origin) : null,
    );
  }

  /** @param {string[]} unknown facts declared unknown */
  #open(unknown) {
    const { context } = this;
    const { words } = context;
    const missing = this.#overview?.missing ?? [];
    const others = unknown.filter((fact) => !missing.some((open) => open.fact === fact));
    if (!missing.length && !others.length) return [];
    return [
      make("h3", {}, words.openFacts),
      quiet(words.openFactsHelp),
      list("open", [
        ...missing.map((open) => this.#openFact(open, unknown.includes(open.fact))),
        ...others.map((fact) => this.#openFact({ fact, decisive: false, effects: [] }, true)),
      ], "ol") ?? "",
    ];
  }

  /**
   * @param {OpenFact} open
   * @param {boolean} declared
   */
  #openFact(open, declared) {
    const { context } = this;
    const { words } = context;
    if (this.#edited === open.fact) return this.#editor(open.fact);
    const label = factLabel(context, open.fact);
    return make(
      "div",
      { class: "fact", data: { fact: open.fact } },
      make(
        "span",
        { class: "value" },
        label,
        " ",
        make("span", { class: open.decisive ? "mark decisive" : "mark" }, open.decisive ? words.decisive : words.refining),
        declared ? make("span", { class: "mark" }, words.declaredUnknown) : null,
      ),
      make("span", { class: "tools" }, this.#tool(words.tell, open.fact, () => this.#edit(open.fact))),
      open.effects.length ? disclosure(words.wouldChange, "effects", list("plain", open.effects.map((effect) => effectText(context, open.fact, effect)))) : null,
    );
  }

  /**
   * @param {string} title
   * @param {string} fact
   * @param {() => void} action
   */
  #tool(title, fact, action) {
    return button(title, "link", action, { ariaLabel: title + this.context.words.colon + factLabel(this.context, fact) });
  }

  /**
   * @param {string} fact where the focus goes
   * @param {string | null} edited the fact to put right now, if any
   */
  #edit(fact, edited = fact) {
    this.#edited = edited;
    this.#draw();
    this.#focus(fact);
  }

  /**
   * Where a fact stands, or where it is put right. A part that is drawn anew keeps the focus that was in it.
   * @param {string} fact
   */
  #focus(fact) {
    /** @type {HTMLElement?} */ (this.element.querySelector(`[data-fact="${fact}"] :is(select, input, button)`))?.focus();
  }

  /**
   * The form that takes the place of a fact while it is put right.
   * @param {string} fact
   */
  #editor(fact) {
    const { context } = this;
    const { lang, words, review } = context;
    const definition = review.facts.get(fact);
    if (!definition) return "";
    const value = this.#case?.facts[fact];
    const number = definition.kind !== "choice";
    const [low, high] = definition.limits;
    const help = number ? words.limits(String(low), String(high)) : "";
    const input = number
      ? make("input", { id: "value", inputMode: "decimal", autocomplete: "off", value: value ?? "" })
      : make(
          "select",
          { id: "value" },
          ...definition.choices.map((choice, place) => make("option", { value: String(place), selected: choice.value === value }, choice.label[lang])),
          make("option", { value: "", selected: value === undefined }, words.unknown),
        );
    const problem = make("p", { class: "problem", id: "value-problem", role: "alert" });
    /** @param {Event} event */
    const save = (event) => {
      event.preventDefault();
      const given = number ? readNumber(input.value) : definition.choices[Number(input.value || -1)]?.value;
      if (number && given !== undefined && !fits(/** @type {number} */ (given), definition)) {
        problem.textContent = Number.isFinite(given) && definition.kind === "integer" && !Number.isInteger(given) ? words.wholeNumber : help;
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", "value-problem");
        input.focus();
        return;
      }
      if (given === undefined ? !this.#case?.unknown.includes(fact) : given !== value) context.edit(fact, given ?? null, given === undefined);
      this.#edit(fact, null);
    };
    return make(
      "form",
      {
        class: "editor",
        data: { fact },
        on: { submit: save, keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.#edit(fact, null) },
      },
      make("label", { htmlFor: "value" }, definition.label[lang]),
      input,
      make("span", { class: "tools" }, make("button", { type: "submit", class: "choice" }, words.save), button(words.cancel, "choice", () => this.#edit(fact, null))),
      problem,
    );
  }
}

/**
 * A number as people type it; nothing typed is no number.
 * @param {string} typed
 * @returns {number | undefined}
 */
function readNumber(typed) {
  const text = typed.normalize("NFKC").trim().replace(",", ".");
  return text ? Number(text) : undefined;
}

/**
 * @param {number} number
 * @param {import("./types.d.ts").FactDefinition} definition
 */
function fits(number, { kind, limits: [low, high] }) {
  // A diameter of 0 is below its limit, a CEA of 0 is not; the server knows, and says so.
  return Number.isFinite(number) && number >= (low ?? -Infinity) && number <= (high ?? Infinity) && (kind !== "integer" || Number.isInteger(number));
}
