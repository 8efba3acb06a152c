/** Turns of the conversation as elements. */

import { optionCards } from "./cards.js";
import { button, copying, disclosure, list, make, p, quiet } from "./dom.js";
import { picturesOf } from "./pictures.js";
import { link, withChips } from "./statements.js";

/** @import { Button, Context, Message, Outgoing, Overview, Turn } from "./types.d.ts" */

const LOOKS = /** @type {const} */ ([
  [/^⚠/, "caution"],
  [/^(编者注|Editor's note)/, "note"],
]);
const NUMBERED = /^\d+\. /;

/**
 * What the user said.
 * @param {Context} context
 * @param {string} text
 */
export function userBubble({ words }, text) {
  return make("article", { class: "bubble user" }, make("span", { class: "hidden" }, words.you), make("div", { class: "text" }, text));
}

/**
 * A whole turn.
 * @param {Context} context
 * @param {Turn} turn
 * @param {(facts: Record<string, any>) => Promise<Overview>} overviewOf
 */
export function turnView(context, turn, overviewOf) {
  return make("div", { class: "turn", data: { turn: turn.id } }, userBubble(context, turn.text), ...turn.messages.map((message) => answerBubble(context, message, overviewOf)), turn.messages.some((message) => message.custom) && rating(context, turn.id));
}

/**
 * A message that is on its way.
 * @param {Context} context
 * @param {Outgoing} outgoing
 * @param {import("./connection.js").Connection} connection
 */
export function outgoingView(context, outgoing, connection) {
  const { words } = context;
  const view = make("div", { class: "turn outgoing" }, userBubble(context, outgoing.text));
  if (outgoing.state === "failed")
    view.append(
      make(
        "div",
        { class: "failure", role: "alert" },
        p(outgoing.reason ?? words.failed),
        button(words.retry, "choice", () => connection.retry()),
        button(words.discard, "choice", () => connection.discard(outgoing.frame.id)),
      ),
    );
  else if (connection.status === "offline") view.append(make("p", { class: "unsent" }, words.unsent));
  return view;
}

/**
 * The quick replies of the latest turn.
 * @param {Context} context
 * @param {Turn | undefined} turn
 * @param {(button: Button) => void} press
 */
export function quickReplies({ words }, turn, press) {
  const buttons = turn?.messages.flatMap((message) => message.buttons ?? []) ?? [];
  return make("div", { class: "choices", role: "group", ariaLabel: words.quickReplies, hidden: !buttons.length }, ...buttons.map((reply) => button(reply.title, "choice", () => press(reply))));
}

/**
 * @param {Context} context
 * @param {Message} message
 * @param {(facts: Record<string, any>) => Promise<Overview>} overviewOf
 */
function answerBubble(context, message, overviewOf) {
  const { words } = context;
  const kind = message.custom?.kind ?? "words";
  const bubble = make(
    "article",
    { class: "bubble assistant", data: { kind }, lang: message.custom?.lang === "zh" ? "zh-CN" : message.custom ? "en" : null },
    make("span", { class: "hidden" }, words.assistant),
    kind === "options" ? optionsContent(context, message, overviewOf) : lines(context, message),
    kind === "options" ? null : further(context, message),
  );
  bubble.append(copying(context, words.copy, "copy", () => message.text));
  return bubble;
}

/**
 * @param {Context} context
 * @param {Message} message
 */
function lines(context, message) {
  // With quick replies below it, the numbered choices of a question would stand there twice.
  const statements = [...(message.custom?.statements ?? [])];
  const shown = message.text.split("\n").filter((line) => !message.buttons?.length || !NUMBERED.test(line));
  return make(
    "div",
    { class: "text" },
    ...shown.map((line) => make("p", { class: LOOKS.find(([start]) => start.test(line))?.[1] ?? "" }, ...withChips(context, line, statements))),
    message.custom?.why ? quiet(message.custom.why) : null,
  );
}

/**
 * The options: the answer in one line, then cards that are drawn as soon as their content is there.
 * @param {Context} context
 * @param {Message} message
 * @param {(facts: Record<string, any>) => Promise<Overview>} overviewOf
 */
function optionsContent(context, message, overviewOf) {
  const [first] = message.text.split("\n");
  const place = make("div", {}, lines(context, { text: message.text }));
  overviewOf(message.custom?.facts ?? {}).then(
    (overview) => place.replaceChildren(optionCards(context, overview), disclosure(context.words.asText, "details", lines(context, { text: message.text }))),
    () => {
      // The text says the same as the cards, and it stands there already.
    },
  );
  return make("div", { class: "text" }, make("p", { class: "answer" }, first), message.custom?.change ? p(message.custom.change) : null, place);
}

/**
 * Where to go from an answer: its statements, a table, the summary, pictures of the works it cites.
 * @param {Context} context
 * @param {Message} message
 */
function further(context, { custom }) {
  if (!custom) return null;
  const { words } = context;
  const links = [];
  if (custom.kind === "comparison" && custom.therapies) links.push(link(context, `compare/${custom.therapies.slice(0, 4).join("+")}`, words.openTable, { class: "more" }));
  if (custom.kind === "summary") links.push(link(context, "summary", words.openSummary, { class: "more" }));
  return make("div", { class: "further" }, list("links", links), ...picturesOf(context, custom.statements ?? []));
}

/**
 * Whether an answer was helpful, and why.
 * @param {Context} context
 * @param {string} answer
 */
function rating(context, answer) {
  const { words } = context;
  let helpful = true;
  const reason = make("input", { ariaLabel: words.reason, placeholder: words.reason, maxLength: 500 });
  const more = make("span", { hidden: true }, reason, make("button", { class: "link" }, words.send));
  const marks = [true, false].map((value) =>
    button(value ? "👍" : "👎", "copy", () => {
      helpful = value;
      more.hidden = false;
      give();
    }, { ariaLabel: value ? words.helpful : words.notHelpful, ariaPressed: "false" }),
  );
  async function give() {
    if (!(await context.ask("feedback", { answer, helpful, reason: reason.value || null }))) return;
    marks.forEach((mark, place) => (mark.ariaPressed = String(helpful === !place)));
    context.tell(words.rated);
  }
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    give();
    more.hidden = true;
  };
  return make("form", { class: "rating", on: { submit } }, ...marks, more);
}
