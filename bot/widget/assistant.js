/** The assistant in its shadow tree: conversation, case and pages. */

import { optionCard } from "./cards.js";
import { Chat } from "./chat.js";
import { comparePage } from "./compare.js";
import { Connection } from "./connection.js";
import { button, download, make, p } from "./dom.js";
import { factText } from "./facts.js";
import { citing, learnPage, referenceBody, referencePage, statementPage, therapyPage } from "./learn.js";
import { Panel } from "./panel.js";
import { printPage } from "./printing.js";
import { Overviews, loadReview } from "./review.js";
import { link } from "./statements.js";
import { summaryPage } from "./summary.js";
import { WORDS, firstLanguage, remember, remembered } from "./words.js";

/** @import { Context, FactValue, Lang, OptionView, Overview, Review } from "./types.d.ts" */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const CONTRAST = matchMedia("(prefers-contrast: more)");
const THEMES = /** @type {const} */ (["auto", "light", "dark", "contrast"]);
const VIEWS = /** @type {const} */ (["chat", "learn", "compare", "summary"]);
const TOLD_FOR = 4000;

/** @type {Review} */
const NOTHING_YET = { therapies: new Map(), facts: new Map(), statements: new Map(), references: new Map(), names: { designs: {}, sections: {} }, pictures: {} };

/**
 * The whole: what it shows, in which language and look, and what its parts ask of it.
 * @implements {Context}
 */
export class Assistant {
  review = NOTHING_YET;
  #route = "";
  #generation = 0;
  #told = 0;
  /** @type {Overview | null} */
  #overview = null;

  /**
   * @param {ShadowRoot} root where it is shown
   * @param {{server: string, paged: boolean, language: string | null, theme: string | null}} settings
   */
  constructor(root, { server, paged, language, theme }) {
    this.root = root;
    this.server = server;
    this.paged = paged;
    this.lang = firstLanguage(language);
    this.connection = new Connection(server);
    this.overviews = new Overviews(server);
    this.chat = new Chat(this, this.connection, (facts) => this.overviews.of(facts));
    this.panel = new Panel(this);
    this.header = make("header", { class: "top" });
    this.footer = make("footer");
    this.page = make("div", { class: "page", hidden: true });
    this.toast = make("p", { class: "toast", role: "status" });
    this.dialog = make("dialog", { on: { click: (/** @type {Event} */ event) => event.target === this.dialog && this.dialog.close() } });
    this.talk = make("div", { class: "talk" }, this.chat.element, this.chat.composer, this.panel.element);
    this.frame = make("div", { class: "frame" }, this.header, make("main", {}, this.talk, this.page), this.footer, this.toast, this.dialog);
    root.append(this.frame);
    for (const query of [DARK, CONTRAST]) query.addEventListener("change", () => this.setTheme(this.theme ?? null));
    this.setTheme(theme || remembered("crlm-theme"));
    this.#redraw();
    this.#listen();
    this.#loadReview();
    if (paged) {
      addEventListener("hashchange", () => this.go(routeOf(location.hash)));
      this.#show(routeOf(location.hash));
      if (matchMedia("(pointer: fine)").matches && !this.#route) this.chat.focus();
    }
  }

  // What the parts may ask for: see `Context`.

  get words() {
    return WORDS[this.lang];
  }

  /** @param {string} text */
  say(text) {
    this.go("");
    this.connection.post({ type: "say", text }, text);
    this.chat.toEnd();
  }

  /**
   * @param {string} fact
   * @param {FactValue | null} value
   * @param {boolean} [unknown]
   */
  edit(fact, value, unknown = false) {
    this.connection.post({ type: "edit", fact, value, unknown, lang: this.lang }, factText(this, fact, value ?? undefined));
  }

  /** @param {string} route */
  go(route) {
    this.dialog.close();
    if (this.#route !== route) this.#show(route);
    if (this.paged && routeOf(location.hash) !== route) location.hash = `#/${route}`;
  }

  /** @param {string} route */
  address(route) {
    return `${this.server}/#/${route}`;
  }

  /** @param {number} number */
  showReference(number) {
    const reference = this.review.references.get(number);
    if (!reference) return this.tell(this.words.noReview);
    this.#open(
      this.words.citation(number),
      referenceBody(this, reference),
      make("h3", {}, this.words.citedBy),
      ...citing(this, reference),
      p(link(this, `references/${number}`, this.words.link)),
    );
  }

  /**
   * @param {OptionView} option
   * @param {Overview} overview
   */
  showOption(option, overview) {
    this.#open(this.words.options, optionCard(this, option, overview));
  }

  /**
   * @param {"export" | "feedback"} what
   * @param {Record<string, unknown>} [more]
   */
  ask(what, more) {
    return this.connection.ask(what, more).catch(() => this.tell(this.words.failed));
  }

  /** @param {string} text */
  tell(text) {
    this.toast.textContent = text;
    clearTimeout(this.#told);
    this.#told = setTimeout(() => (this.toast.textContent = ""), TOLD_FOR);
  }

  // The whole

  #listen() {
    const { connection, chat } = this;
    connection.addEventListener("change", () => chat.update());
    connection.addEventListener("reset", () => {
      chat.redrawTurns();
      this.#showCase();
      if (connection.turns.length) chat.toEnd();
    });
    connection.addEventListener("turn", (event) => {
      chat.answered(/** @type {CustomEvent} */ (event).detail);
      this.#showCase();
    });
    connection.addEventListener("lost", () => this.tell(this.words.lost));
    connection.addEventListener("refused", () => this.tell(this.words.refused));
  }

  async #loadReview() {
    for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
      try {
        this.review = await loadReview(this.server);
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (!this.root.isConnected) return;
      }
    }
    this.#drawContent();
  }

  /** The case beside the conversation, and what follows from it as soon as that is known. */
  async #showCase() {
    const { connection, panel, overviews } = this;
    const generation = ++this.#generation;
    const late = setTimeout(() => panel.show(connection.case, null), this.#overview ? 200 : 0);
    let overview = null;
    try {
      overview = await overviews.of(connection.case.facts);
    } catch {
      this.tell(this.words.noReview);
    }
    clearTimeout(late);
    if (generation !== this.#generation) return;
    this.#overview = overview;
    panel.show(connection.case, this.#overview);
    if (this.#route === "summary") this.#drawPage(false);
  }

  #redraw() {
    const { frame, words } = this;
    frame.lang = this.lang === "zh" ? "zh-CN" : "en";
    if (this.paged) {
      document.documentElement.lang = frame.lang;
      document.title = words.title;
    }
    this.#drawHeader();
    this.footer.textContent = words.disclaimer;
    this.chat.redraw();
    this.#drawContent();
  }

  /** What the review is needed for. The rest stays as it is: a click on what is replaced meanwhile is lost. */
  #drawContent() {
    this.chat.redrawTurns();
    this.#showCase();
    this.#drawPage(false);
  }

  #drawHeader() {
    const { words } = this;
    const select = make(
      "select",
      { ariaLabel: words.theme, title: words.theme, on: { change: (/** @type {any} */ event) => this.setTheme(event.target.value, true) } },
      ...THEMES.map((name) => make("option", { value: name, selected: name === this.theme }, words.themes[name])),
    );
    this.header.replaceChildren(
      button(words.skip, "skip", () => {
        this.go("");
        this.chat.message.focus();
      }),
      make("h1", {}, words.title),
      make(
        "nav",
        { ariaLabel: words.title },
        ...VIEWS.map((view) =>
          link(this, view === "chat" ? "" : view, words.views[view], { "aria-current": this.#view === view ? "page" : null }),
        ),
      ),
      make(
        "div",
        { class: "settings" },
        button(words.otherLanguage, "plain-button", () => this.#chooseLanguage(), { id: "language", lang: this.lang === "zh" ? "en" : "zh-CN" }),
        select,
        button(words.end, "plain-button", () => this.#askToEnd(), { id: "end" }),
      ),
    );
  }

  get #view() {
    const [first] = this.#route.split("/");
    if (!first) return "chat";
    return first === "compare" || first === "summary" ? first : "learn";
  }

  /** @param {string} route */
  #show(route) {
    this.#route = route;
    this.#drawHeader();
    this.#drawPage(true);
  }

  /** @param {boolean} moved whether the user has gone there just now: then the focus goes along */
  #drawPage(moved) {
    const { page, talk } = this;
    const view = this.#view;
    talk.hidden = view !== "chat";
    page.hidden = view === "chat";
    const focused = /** @type {HTMLInputElement | null} */ (this.root.activeElement ?? null)?.name;
    page.replaceChildren(view === "chat" ? "" : this.review === NOTHING_YET ? p(this.words.loading) : this.#pageOf(this.#route));
    if (!moved) return;
    const again = focused ? page.querySelector(`[name="${CSS.escape(focused)}"]`) : null;
    const target = /** @type {HTMLElement | null} */ (again ?? page.querySelector("h2"));
    if (view === "chat") this.chat.toEnd();
    else if (target) {
      target.focus({ preventScroll: Boolean(again) });
      if (!again) page.scrollTop = 0;
    }
  }

  /** @param {string} route */
  #pageOf(route) {
    const [kind, name = ""] = route.split("/");
    switch (kind) {
      case "statements":
        return statementPage(this, name);
      case "therapies":
        return therapyPage(this, name);
      case "references":
        return referencePage(this, Number(name));
      case "compare":
        return comparePage(this, name.split("+").filter(Boolean));
      case "summary":
        return this.#overview
          ? summaryPage(this, this.connection.case, this.#overview, printPage)
          : p(this.words.loading);
      default:
        return learnPage(this);
    }
  }

  /**
   * @param {string} title
   * @param {...import("./dom.js").Child} content
   */
  #open(title, ...content) {
    const { dialog } = this;
    if (dialog.open) dialog.close();
    const close = button(this.words.close, "choice close", () => dialog.close());
    dialog.ariaLabel = title;
    dialog.replaceChildren(make("div", { class: "inside" }, make("h2", {}, title), ...content, close));
    dialog.showModal();
  }

  #askToEnd() {
    const { words, connection, dialog } = this;
    if (connection.status !== "ready") return this.tell(words.endOffline);
    const end = button(words.endYes, "choice danger", () => {
      dialog.close();
      connection.end();
      this.tell(words.ended);
      this.go("");
      this.chat.focus();
    });
    const save = button(words.saveData, "choice", async () => {
      const data = await this.ask("export");
      if (data) download("crlm-data.json", "application/json", JSON.stringify(data, null, 1));
    });
    this.#open(words.end, p(words.endQuestion), end, save);
  }

  #chooseLanguage() {
    const lang = this.lang === "zh" ? "en" : "zh";
    this.setLanguage(lang);
    remember("crlm-language", lang);
    // The assistant answers in it from now on; before the conversation it follows what is written.
    if (this.connection.turns.length) this.connection.post({ type: "language", lang }, this.words.languageName);
    this.root.getElementById("language")?.focus();
  }

  /** @param {Lang} lang */
  setLanguage(lang) {
    this.lang = lang;
    this.#redraw();
  }

  /**
   * @param {string | null} wanted
   * @param {boolean} [chosen] by the user, who will want it again
   */
  setTheme(wanted, chosen = false) {
    this.theme = THEMES.find((name) => name === wanted) ?? "auto";
    const system = CONTRAST.matches ? "contrast" : DARK.matches ? "dark" : "light";
    this.frame.dataset.theme = this.theme === "auto" ? system : this.theme;
    if (chosen) remember("crlm-theme", this.theme);
  }
}

/** @param {string} hash */
function routeOf(hash) {
  return decodeURIComponent(hash.replace(/^#\/?/, "")).replace(/^chat$/, "");
}
