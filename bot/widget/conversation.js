/** One conversation of this tab with the server. */

const SECONDS = 60;

/** The server answered, but did not take the message. */
export class Refused extends Error {}

export class Conversation {
  constructor() {
    this.sender = sessionStorage.getItem("crlm-session") ?? this.restart();
  }

  /** A new conversation under a name that nobody can guess. */
  restart() {
    const random = crypto.getRandomValues(new Uint8Array(16));
    this.sender = "web-" + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("crlm-session", this.sender);
    sessionStorage.removeItem("crlm-turns");
    return this.sender;
  }

  /** What has been said in this tab, so that reloading the page shows it again. */
  get turns() {
    return JSON.parse(sessionStorage.getItem("crlm-turns") ?? "[]");
  }

  /** Sends a message and returns what the assistant says to it. */
  async say(text) {
    const response = await fetch("/webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: this.sender, message: text }),
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    const answer = await response.json();
    if (!response.ok) throw new Refused(answer.error?.message ?? response.statusText);
    this.#remember({ text, answer });
    return answer;
  }

  #remember(turn) {
    try {
      sessionStorage.setItem("crlm-turns", JSON.stringify([...this.turns, turn]));
    } catch {
      // The browser's storage is full: the conversation goes on, only a reload will not show all of it.
    }
  }
}
