/** The review as the server tells it: asked for when it is first needed, then kept. */

/** @import { Facts, Overview, Review } from "./types.d.ts" */

/** Milliseconds; the server may still be loading. */
export const PATIENCE = 70_000;

/**
 * What the server answers at a path below /api.
 * @param {string} server
 * @param {string} path
 * @param {Record<string, unknown>} [content] sent as JSON
 */
export async function ask(server, path, content) {
  const sent = content && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  const response = await fetch(`${server}/api/${path}`, { ...sent, signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/**
 * Pictures are an addition: without them everything else is still there.
 * @param {string} server
 * @returns {Promise<Review["pictures"]>}
 */
async function pictures(server) {
  try {
    const [zh, en] = await Promise.all(["zh", "en"].map((lang) => ask(server, `pictures?lang=${lang}`)));
    return { zh, en };
  } catch {
    return {};
  }
}

/**
 * @param {string} server
 * @returns {Promise<Review>}
 */
export async function loadReview(server) {
  const [therapies, facts, statements, citations, names, drawn] = await Promise.all([
    ask(server, "therapies"),
    ask(server, "facts"),
    ask(server, "statements"),
    ask(server, "citations"),
    ask(server, "names"),
    pictures(server),
  ]);
  /** @param {any[]} items @param {string} key @returns {Map<any, any>} */
  const by = (items, key) => new Map(items.map((item) => [item[key], item]));
  return {
    therapies: by(therapies, "id"),
    facts: by(facts, "id"),
    statements: by(statements, "id"),
    references: by(citations, "number"),
    names,
    pictures: drawn,
  };
}

/** The overview of a case; the same facts are asked about once. */
export class Overviews {
  /** @type {Map<string, Promise<Overview>>} */
  #asked = new Map();

  /** @param {string} server */
  constructor(server) {
    this.server = server;
  }

  /**
   * @param {Facts} facts
   * @returns {Promise<Overview>}
   */
  of(facts) {
    const key = JSON.stringify(facts);
    let asked = this.#asked.get(key);
    if (!asked) {
      asked = ask(this.server, "case", facts);
      this.#asked.set(key, asked);
      asked.catch(() => this.#asked.delete(key));
    }
    return asked;
  }
}
