/** Facts and therapies in words. */

/** @import { Context, FactValue, OpenEffect, OptionView, Overview } from "./types.d.ts" */

/**
 * A fact with its value in short, e.g. `RAS wild type`.
 * @param {Context} context
 * @param {string} fact
 * @param {FactValue | undefined} value
 */
export function factText({ lang, words, review }, fact, value) {
  const definition = review.facts.get(fact);
  if (!definition) return fact;
  if (value === undefined) return `${definition.label[lang]}${words.colon}${words.unknown}`;
  const choice = definition.choices.find((choice) => choice.value === value);
  return choice ? choice.short[lang] : (definition.short?.[lang].replace("{value}", String(value)) ?? String(value));
}

/**
 * @param {Context} context
 * @param {string} fact
 */
export function factLabel({ lang, review }, fact) {
  return review.facts.get(fact)?.label[lang] ?? fact;
}

/**
 * The facts that make an option one.
 * @param {Context} context
 * @param {OptionView} option
 * @param {Overview} overview
 */
export function reasons(context, option, overview) {
  return option.because.map((fact) => factText(context, fact, overview.facts[fact])).join(" · ") || context.words.noBecause;
}

/**
 * @param {Context} context
 * @param {string[]} therapies
 * @param {"name" | "short"} [length]
 */
export function therapyNames({ lang, words, review }, therapies, length = "short") {
  return therapies.map((therapy) => review.therapies.get(therapy)?.[length][lang] ?? therapy).join(words.comma);
}

/**
 * What a value would change, in one line; only for some therapies, if they are named.
 * @param {Context} context
 * @param {string} fact
 * @param {OpenEffect} effect
 * @param {string[]} [only]
 */
export function effectText(context, fact, effect, only) {
  const { words } = context;
  const value = effect.span === null ? factText(context, fact, effect.value) : `${factLabel(context, fact)} ${effect.span}`;
  const changes = /** @type {const} */ ([
    [words.adds, effect.adds],
    [words.removes, effect.removes],
    [words.restances, effect.restances],
    [words.remarks, effect.cautions],
  ])
    .map(([verb, therapies]) => [verb, only ? therapies.filter((therapy) => only.includes(therapy)) : therapies])
    .filter(([, therapies]) => therapies.length)
    .map(([verb, therapies]) => `${verb} ${therapyNames(context, /** @type {string[]} */ (therapies))}`);
  return `${value}${words.colon}${changes.join(context.lang === "zh" ? "；" : "; ") || words.noChange}`;
}
