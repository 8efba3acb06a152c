/** The chat page: what is typed goes to the server, what comes back is shown. */

import { bubble, button, lines, make } from "./bubbles.js";
import { Conversation, Refused } from "./conversation.js";
import { firstLanguage, speak } from "./words.js";

const [log, intro, waiting, form, message, send] = ["log", "intro", "waiting", "form", "message", "send"].map((id) =>
  document.getElementById(id),
);
const conversation = new Conversation();
let language = firstLanguage();
let words = speak(language);
let busy = false;

function showUser(text) {
  intro.hidden = true;
  dropChoices();
  const element = bubble("user", words.you, make("div", "text", text));
  log.append(element);
  return element;
}

function showAnswer(answer) {
  const choices = make("div", "choices");
  for (const part of answer) {
    if (part.text) log.append(bubble("assistant", words.assistant, lines(part.text, ask), part.custom));
    for (const { title, payload } of part.buttons ?? []) choices.append(button(title, "choice", () => say(payload)));
  }
  if (choices.childElementCount) log.append(choices);
}

function showFailure(error, text) {
  const reason = error instanceof Refused ? words.refused + error.message : words.offline;
  const again = button(words.retry, "choice", () => {
    failure.remove();
    exchange(text);
  });
  const failure = make("div", "failure", make("p", "", reason), again);
  failure.role = "alert";
  log.append(failure);
}

/** Quick replies belong to the latest question only. */
function dropChoices() {
  for (const old of log.querySelectorAll(".choices, .failure")) old.remove();
}

function ask(number) {
  say(words.showReference(number));
}

function say(text) {
  if (busy) return;
  const element = showUser(text);
  exchange(text).then(() => element.scrollIntoView({ block: "start", behavior: "smooth" }));
}

async function exchange(text) {
  setBusy(true);
  try {
    showAnswer(await conversation.say(text));
  } catch (error) {
    showFailure(error, text);
  }
  setBusy(false);
  if (matchMedia("(pointer: fine)").matches) message.focus({ preventScroll: true });
}

function setBusy(state) {
  busy = state;
  waiting.hidden = !state;
  send.disabled = state;
  log.ariaBusy = String(state);
  if (state) waiting.scrollIntoView({ block: "end" });
}

function fit() {
  message.rows = 1;
  while (message.scrollHeight > message.clientHeight && message.rows < 8) message.rows += 1;
}

function setLanguage(chosen) {
  language = chosen;
  words = speak(language);
  const examples = words.examples.map((text) => button(text, "choice", () => say(text)));
  document.getElementById("examples").replaceChildren(...examples);
}

function restore() {
  for (const { text, answer } of conversation.turns) {
    showUser(text);
    showAnswer(answer);
  }
  log.lastElementChild?.scrollIntoView({ block: "end" });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = message.value.trim();
  if (!text || busy) return;
  message.value = "";
  fit();
  say(text);
});
message.addEventListener("input", fit);
message.addEventListener("keydown", (event) => {
  // While an input method composes Chinese, Enter chooses a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
document.getElementById("language").addEventListener("click", () => setLanguage(language === "zh" ? "en" : "zh"));
document.getElementById("restart").addEventListener("click", () => {
  if (busy) return;
  conversation.restart();
  log.replaceChildren();
  intro.hidden = false;
  message.focus();
});

setLanguage(language);
restore();
if (matchMedia("(pointer: fine)").matches) message.focus();
