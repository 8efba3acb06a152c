/** The review as the server tells it: asked for when it is first needed, then kept. */

/** @import { Facts, Overview, Review } from "./types.d.ts" */

/**
 * @param {string} server
 * @param {string} path
 * @param {RequestInit} [request]
 */
async function ask(server, path, request) {
  const response = await fetch(server + path, request);
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
    const [zh, en] = await Promise.all(["zh", "en"].map((lang) => ask(server, `/api/pictures?lang=${lang}`)));
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
    ask(server, "/api/therapies"),
    ask(server, "/api/facts"),
    ask(server, "/api/statements"),
    ask(server, "/api/citations"),
    ask(server, "/api/names"),
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
    const body = JSON.stringify(facts);
    let asked = this.#asked.get(body);
    if (!asked) {
      asked = ask(this.server, "/api/case", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      this.#asked.set(body, asked);
      asked.catch(() => this.#asked.delete(body));
    }
    return asked;
  }
}
