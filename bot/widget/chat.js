/** The conversation: log, quick replies, and the box to type in. */

import { button, list, make, p } from "./dom.js";
import { outgoingView, quickReplies, turnView } from "./messages.js";

/** @import { Connection } from "./connection.js" */
/** @import { Context, Overview, Turn } from "./types.d.ts" */

const LONGEST = 8000;
const MOST_ROWS = 8;
/** Pixels that the box to type in may cover. */
const ROOM = 80;

export class Chat {
  /** @type {Turn | null | undefined} whose quick replies are shown; null: draw them anew */
  #offered = null;

  /**
   * @param {Context} context
   * @param {Connection} connection
   * @param {(facts: Record<string, any>) => Promise<Overview>} overviewOf
   */
  constructor(context, connection, overviewOf) {
    this.context = context;
    this.connection = connection;
    this.overviewOf = overviewOf;
    this.intro = make("section", { class: "intro" });
    this.log = make("div", { id: "log", role: "log", ariaLive: "polite", tabIndex: 0 });
    this.outgoing = make("div", { class: "pending" });
    this.replies = make("div");
    this.status = make("p", { class: "status", role: "status" });
    this.message = make("textarea", { id: "message", name: "message", rows: 1, on: { input: () => this.#fit(), keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) } });
    this.label = make("label", { htmlFor: "message", class: "hidden" });
    this.problem = make("p", { class: "problem", role: "alert", hidden: true });
    this.send = make("button", { type: "submit", id: "send" });
    this.form = make("form", { id: "form", autocomplete: "off", on: { submit: (/** @type {Event} */ event) => this.#submit(event) } }, this.label, this.message, this.send);
    this.heading = make("h2", { class: "hidden" });
    this.element = make("section", { class: "chat" }, this.heading, this.intro, this.log, this.outgoing, this.replies, this.status);
    this.composer = make("div", { class: "composer" }, this.problem, this.form);
  }

  /** All that is around the turns, in the present language. */
  redraw() {
    const { words } = this.context;
    this.log.ariaLabel = this.heading.textContent = words.log;
    this.label.textContent = words.label;
    this.message.placeholder = words.placeholder;
    this.message.title = words.newLine;
    this.send.textContent = words.send;
    this.intro.replaceChildren(
      make("p", { class: "lead" }, words.lead),
      p(words.privacy),
      list("choices", words.examples.map((text) => button(text, "choice", () => this.context.say(text)))) ?? "",
    );
    this.#offered = null;
  }

  /** Every turn anew, without reading it aloud again. */
  redrawTurns() {
    this.log.ariaLive = "off";
    this.log.replaceChildren(...this.connection.turns.map((turn) => turnView(this.context, turn, this.overviewOf)));
    requestAnimationFrame(() => (this.log.ariaLive = "polite"));
    this.update();
  }

  /** What changes without a new turn: messages on their way and how the connection is. */
  update() {
    const { words } = this.context;
    const { outbox, status, turns } = this.connection;
    const offline = status === "offline";
    this.intro.hidden = turns.length + outbox.length > 0;
    this.outgoing.replaceChildren(...outbox.map((message) => outgoingView(this.context, message, this.connection)));
    const latest = outbox.length ? undefined : turns.at(-1);
    if (this.#offered !== latest) this.replies.replaceChildren(quickReplies(this.context, latest, (reply) => this.#press(reply)));
    this.#offered = latest;
    const waiting = outbox.some((message) => message.state === "waiting");
    const typing = waiting && status === "ready";
    this.log.ariaBusy = String(typing);
    const said = offline ? words.offline : typing ? words.typing : waiting && status === "connecting" ? words.connecting : "";
    if (this.status.textContent !== said) this.status.textContent = said;
    this.status.dataset.status = typing ? "typing" : status;
  }

  /** @param {Turn} turn */
  answered(turn) {
    const view = turnView(this.context, turn, this.overviewOf);
    this.log.append(view);
    this.update();
    this.#bring((inner, outer) => inner.top - outer.top, view);
  }

  /** After a quick reply the focus is where the next message can be typed, unless that would open a keyboard. */
  focus() {
    const target = matchMedia("(pointer: coarse)").matches ? this.log : this.message;
    target.focus({ preventScroll: true });
  }

  toEnd() {
    this.#bring((inner, outer) => Math.max(0, inner.bottom - outer.bottom + ROOM), this.status);
  }

  /**
   * Scrolls inside the widget only, whichever of its parts scrolls: the page around it stays where it is.
   * @param {(inner: DOMRect, outer: DOMRect) => number} distance
   * @param {Element} element
   */
  #bring(distance, element) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    for (const scroller of [this.element, /** @type {Element} */ (this.element.parentElement)])
      scroller.scrollBy({ top: distance(element.getBoundingClientRect(), scroller.getBoundingClientRect()), behavior });
  }

  /** @param {import("./types.d.ts").Button} reply */
  #press(reply) {
    this.connection.post({ type: "press", button: reply.id }, reply.title);
    this.focus();
    this.toEnd();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.message.value.trim();
    if (!text || text.length > LONGEST) return;
    this.message.value = "";
    this.#fit();
    this.context.say(text);
  }

  #fit() {
    const { message, problem } = this;
    message.rows = 1;
    while (message.scrollHeight > message.clientHeight && message.rows < MOST_ROWS) message.rows += 1;
    const { length } = message.value.trim();
    problem.hidden = length <= LONGEST;
    problem.textContent = problem.hidden ? "" : this.context.words.tooLong(length, LONGEST);
    this.send.disabled = length > LONGEST;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes Chinese, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }
}
