/** The words of the page itself; what the assistant says comes from the server. */

const WORDS = {
  zh: {
    title: "结直肠癌肝转移助手",
    restart: "新对话",
    otherLanguage: "English",
    lead: "描述患者，或直接提问。助手会逐步询问缺少的信息，并给出治疗方案、理由、数据和引用文献。",
    disclaimer: "仅供医生参考；内容来自一篇综述，不能代替多学科团队（MDT）的决定。",
    privacy: "请勿输入可识别患者身份的信息。",
    log: "对话",
    waiting: "正在回答…",
    label: "您的消息",
    placeholder: "描述患者或提问",
    send: "发送",
    retry: "重试",
    you: "您：",
    assistant: "助手：",
    offline: "没有收到回答：服务器无法连接。您的消息没有丢失。",
    refused: "服务器没有接受这条消息：",
    showReference: (number) => `文献${number}`,
    examples: ["不可切除，肝转移2枚，最大2.5cm，RAS野生型", "SRFA 的 5 年生存率是多少？", "帮助"],
  },
  en: {
    title: "CRLM assistant",
    restart: "New conversation",
    otherLanguage: "中文",
    lead: "Describe a patient or ask a question. The assistant asks for what is missing, step by step, and gives therapy options with reasons, figures and citations.",
    disclaimer: "For clinicians only. The source is one review; it does not replace the multidisciplinary team.",
    privacy: "Please enter nothing that identifies the patient.",
    log: "Conversation",
    waiting: "Answering…",
    label: "Your message",
    placeholder: "Patient or question",
    send: "Send",
    retry: "Try again",
    you: "You: ",
    assistant: "Assistant: ",
    offline: "No answer: the server cannot be reached. Your message is not lost.",
    refused: "The server did not take this message: ",
    showReference: (number) => `show reference ${number}`,
    examples: ["Unresectable, 2 liver mets, largest 2.5 cm, RAS wild type", "What is 5-year survival after SRFA?", "Help"],
  },
};

/** The language to begin with: the one chosen in this tab, else the browser's. */
export function firstLanguage() {
  return sessionStorage.getItem("crlm-language") ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

/** Shows the page in a language, remembers it for this tab, and returns its words. */
export function speak(language) {
  const words = WORDS[language];
  sessionStorage.setItem("crlm-language", language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = words[element.dataset.label];
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = words[element.dataset.placeholder];
  document.getElementById("language").lang = language === "zh" ? "en" : "zh-CN";
  return words;
}
