/** The own words of the widget, and in which language to begin. */

import { en } from "./words.en.js";
import { zh } from "./words.zh.js";

/** @import { Lang } from "./types.d.ts" */

export const WORDS = { zh, en };

/**
 * The language to begin with: what the page asks for, else what was chosen here before, else the browser's.
 * @param {string | null} wanted
 * @returns {Lang}
 */
export function firstLanguage(wanted) {
  const language = wanted || remembered("crlm-language") || navigator.language;
  return language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** @param {string} key */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the choice holds until the page is left.
  }
}
