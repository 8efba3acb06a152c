/** Messages as elements. All text is set as text, never as markup. */

const CITATION = /\[(\d{1,2})\]/g;
const LOOKS = [
  [/^⚠/, "caution"],
  [/^(编者注|Editor's note)/, "note"],
];

/** An element with a class and children. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A button that runs `action`. */
export function button(title, className, action) {
  const element = make("button", className, title);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

/** A message of the user or the assistant; `from` is read aloud before it, `data` is what it says to programs. */
export function bubble(who, from, content, data) {
  const element = make("article", `bubble ${who}`, make("span", "hidden", from), content);
  if (data) {
    element.dataset.kind = data.kind;
    element.lang = data.lang === "zh" ? "zh-CN" : "en";
  }
  return element;
}

/** Text line by line; a citation such as [14] asks for the reference when it is pressed. */
export function lines(text, onCitation) {
  const body = make("div", "text");
  for (const line of text.split("\n")) {
    const row = make("div", `line ${LOOKS.find(([start]) => start.test(line))?.[1] ?? ""}`.trim());
    let end = 0;
    for (const match of line.matchAll(CITATION)) {
      row.append(line.slice(end, match.index), button(match[0], "citation", () => onCitation(match[1])));
      end = match.index + match[0].length;
    }
    row.append(line.slice(end));
    body.append(row);
  }
  return body;
}
