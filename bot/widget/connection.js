/**
 * The conversation with the server: over a WebSocket that is opened again whenever it breaks. A message has a name from
 * the moment it is typed and stays in the outbox until its answer is there; the server answers a name once, however often
 * it is sent.
 */

import { randomName } from "./dom.js";
import { PATIENCE as LOADING_PATIENCE, ask } from "./review.js";

/** @import { Case, Outgoing, OutgoingFrame, Turn } from "./types.d.ts" */

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8_000;
const HEARTBEAT = 15_000;
const PATIENCE = 25_000;

/** @type {Case} */
export const EMPTY_CASE = { facts: {}, words: {}, unknown: [], lang: null };

/**
 * Tells of: `change` (status or outbox), `turn` (an answer has come; its detail is the turn), `reset` (the turns are
 * others than before), `lost` (the server does not know the session any more), `refused` (a message was not possible).
 */
export class Connection extends EventTarget {
  /** @type {Turn[]} */
  turns = [];
  /** @type {Case} */
  case = EMPTY_CASE;
  /** @type {Outgoing[]} */
  outbox = [];
  /** @type {"connecting" | "ready" | "offline" | "closed"} */
  status = "connecting";

  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {string | null} */
  #token = null;
  /** @type {string | null} */
  #sent = null;
  #pause = FIRST_PAUSE;
  #timer = 0;
  #watchdog = 0;
  #generation = 0;

  /** @param {string} server the origin of the server */
  constructor(server) {
    super();
    this.server = server;
    this.#remembered();
    this.wake = () => this.status === "offline" && this.#connect();
  }

  open() {
    addEventListener("online", this.wake);
    this.#connect();
  }

  close() {
    removeEventListener("online", this.wake);
    this.#drop("closed");
  }

  /**
   * Sends a message to the assistant, now or as soon as there is a connection.
   * @param {Record<string, unknown>} frame
   * @param {string} text what is shown until the server has taken it
   */
  post(frame, text) {
    this.outbox.push({ frame: /** @type {OutgoingFrame} */ ({ id: randomName(), ...frame }), text, state: "waiting" });
    this.#changed();
    if (this.status === "offline") this.#connect();
    else this.#sendNext();
  }

  /** Sends what failed once more. */
  retry() {
    for (const message of this.outbox) message.state = "waiting";
    this.#changed();
    this.#sendNext();
  }

  /**
   * Gives a message up that could not be answered.
   * @param {string} id
   */
  discard(id) {
    this.outbox = this.outbox.filter((message) => message.frame.id !== id);
    if (this.#sent === id) this.#sent = null;
    this.#changed();
    this.#sendNext();
  }

  /** Ends the session: the server forgets it, and a new one begins with the next message. */
  end() {
    if (this.status === "ready") this.#send({ type: "end" });
    this.#forget();
    this.#changed();
    this.#connect();
  }

  async #connect() {
    this.#drop("connecting");
    const generation = this.#generation;
    try {
      if (!this.#token) {
        const { token } = await ask(this.server, "session", {});
        if (generation !== this.#generation) return;
        this.#token = token;
        this.#remember();
      }
      const socket = new WebSocket(this.server.replace(/^http/, "ws") + "/ws");
      this.#socket = socket;
      this.#watch(LOADING_PATIENCE);
      socket.addEventListener("open", () => this.#send({ type: "hello", token: this.#token, after: this.turns.at(-1)?.id }));
      socket.addEventListener("message", (event) => socket === this.#socket && this.#heard(JSON.parse(event.data)));
      socket.addEventListener("close", () => socket === this.#socket && this.#later());
    } catch {
      if (generation === this.#generation) this.#later();
    }
  }

  /**
   * Asks for something beside the conversation: what is kept of it, or that feedback is taken.
   * @param {"export" | "feedback"} what
   * @param {Record<string, unknown>} [more]
   */
  ask(what, more) {
    return ask(this.server, `conversation/${what}`, { token: this.#token, ...more });
  }

  /** @param {any} frame */
  #heard(frame) {
    this.#watch(null);
    switch (frame.type) {
      case "ready":
        this.#pause = FIRST_PAUSE;
        this.status = "ready";
        this.case = frame.case;
        for (const turn of frame.turns) this.#answered(turn);
        this.dispatchEvent(new Event("reset"));
        this.#changed();
        this.#sendNext();
        break;
      case "turn":
        this.case = frame.case;
        if (frame.deleted) this.turns = [];
        this.#answered(frame.turn);
        this.#changed();
        this.dispatchEvent(frame.deleted ? new Event("reset") : new CustomEvent("turn", { detail: frame.turn }));
        this.#sendNext();
        break;
      case "error":
        this.#troubled(frame);
        break;
    }
  }

  /** @param {Turn} turn */
  #answered(turn) {
    if (!this.turns.some((known) => known.id === turn.id)) this.turns.push(turn);
    this.outbox = this.outbox.filter((message) => message.frame.id !== turn.id);
    if (this.#sent === turn.id) this.#sent = null;
  }

  /** @param {{code: string, id?: string, text?: string}} error */
  #troubled(error) {
    if (error.code === "no_session") {
      const had = this.turns.length > 0;
      const unsent = this.outbox;
      this.#forget();
      this.outbox = unsent;
      if (had) this.dispatchEvent(new Event("lost"));
      this.#connect();
      return;
    }
    if (error.code === "unavailable") {
      this.#later();
      return;
    }
    const message = this.outbox.find(({ frame }) => frame.id === (error.id ?? this.#sent));
    this.#sent = null;
    if (message && error.code === "failed") {
      message.state = "failed";
      message.reason = error.text;
      this.#changed();
    } else if (message) {
      this.dispatchEvent(new CustomEvent("refused", { detail: error.code }));
      this.discard(message.frame.id);
    }
  }

  /** One message at a time, in the order in which they were written. */
  #sendNext() {
    const next = this.outbox[0];
    if (this.status !== "ready" || this.#sent || !next || next.state === "failed") return;
    this.#sent = next.frame.id;
    this.#send(next.frame);
    this.#watch(PATIENCE);
  }

  /** @param {unknown} frame */
  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /**
   * A connection can be dead without saying so: whoever hears nothing in time opens another one.
   * @param {number | null} patience milliseconds to wait for an answer; null when one has just come
   */
  #watch(patience) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(
      () => {
        if (patience) this.#later();
        else {
          this.#send({ type: "ping" });
          this.#watch(PATIENCE);
        }
      },
      patience ?? HEARTBEAT,
    );
  }

  #later() {
    this.#drop("offline");
    this.#timer = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    this.#changed();
  }

  /** @param {Connection["status"]} status */
  #drop(status) {
    this.#generation += 1;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#socket = null;
    this.#sent = null;
    this.status = status;
    socket?.close();
  }

  #forget() {
    this.#token = null;
    this.turns = [];
    this.outbox = [];
    this.case = EMPTY_CASE;
    this.#sent = null;
    this.#remember();
    this.dispatchEvent(new Event("reset"));
  }

  #changed() {
    this.#remember();
    this.dispatchEvent(new Event("change"));
  }

  get #key() {
    return `crlm-session ${this.server}`;
  }

  /** What has to outlive a reload of the page: the session and what has not been answered. */
  #remember() {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ token: this.#token, outbox: this.outbox }));
    } catch {
      // No storage, or it is full: the conversation goes on, only a reload would begin anew.
    }
  }

  #remembered() {
    try {
      const stored = JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
      this.#token = stored?.token ?? null;
      this.outbox = stored?.outbox ?? [];
    } catch {
      // Nothing usable is stored.
    }
  }
}
