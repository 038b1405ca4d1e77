// Keeps the choice of language, and says the words of Streamlit's own frame in it. Our own texts are left alone: they stand in
// Markdown containers, in shadow roots, or are translated already.
const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const OURS = "[data-testid=stMarkdownContainer], [data-testid=stJson], [contenteditable], textarea, script, style";
const THEIRS = "[data-testid=stFileUploader] button";
let spoken = []; // [as Streamlit writes it, in the reader's language]
let rules = [];
let observer;

// "Remove {name}" finds "Remove 12" and keeps the 12
const rule = ([from, to]) => {
  const parts = from.split("{name}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [new RegExp(`^${parts.join("(.+)")}$`, "s"), to];
};

const translated = (text) => {
  for (const [pattern, to] of rules) {
    const found = pattern.exec(text);
    if (found) return to.replace("{name}", () => found[1]);
  }
  return text;
};

const sayText = (node) => {
  const text = node.nodeValue.trim();
  const around = node.parentElement;
  if (!text || (around?.closest(OURS) && !around.closest(THEIRS))) return;
  const said = translated(text);
  if (said !== text) node.nodeValue = said;
};

const sayAttributes = (element) => {
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name);
    const said = text && translated(text);
    if (said && said !== text) element.setAttribute(name, said);
  }
};

const say = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) sayText(node);
    else if (node.nodeType === Node.ELEMENT_NODE) sayAttributes(node);
  }
};

const changed = (changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "characterData") sayText(target);
    else if (type === "attributes") sayAttributes(target);
    else addedNodes.forEach(say);
  }
};

// what is said in English again must be found by what it was said as
const withoutTranslation = () => {
  rules = spoken.map(([from, to]) => rule([to, from]));
  spoken = [];
  say(document.body);
};

const speak = (texts) => {
  if (JSON.stringify(texts) !== JSON.stringify(spoken)) withoutTranslation();
  spoken = texts;
  rules = texts.map(rule);
  say(document.body);
};

export default ({ data }) => {
  if (data.chosen) document.cookie = `${data.cookie}=${data.chosen}; path=/; max-age=31536000; samesite=lax`;
  speak(data.texts);
  if (!observer) {
    observer = new MutationObserver(changed);
    observer.observe(document.body, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
    });
  }
  return () => {
    observer?.disconnect();
    observer = undefined;
  };
};
