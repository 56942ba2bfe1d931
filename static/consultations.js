// Improves a law's text: reads it aloud where the browser can, and takes over the words one selects. No page needs it.
(() => {
  "use strict";
  const speech = window.speechSynthesis;
  const stop = (button) => { speech.cancel(); button.textContent = button.dataset.words; };
  const read = (button) => {
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.stop;
    for (const part of document.querySelectorAll(`${button.dataset.listen} [lang]`)) {
      const said = new SpeechSynthesisUtterance(part.textContent.trim());
      said.lang = part.lang === "hi" ? "hi-IN" : "en-IN";
      speech.speak(said);
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen]");
    if (button) speech.speaking ? stop(button) : read(button);
  });
  if (speech) for (const button of document.querySelectorAll("[data-listen]")) button.hidden = false;
  // Words selected in the clause are the words one means.
  document.addEventListener("selectionchange", () => {
    const picked = document.getSelection(), box = document.querySelector("#respond [name=exact]");
    const text = document.querySelector("[data-own-text]");
    if (!box || !text || picked.isCollapsed || !picked.rangeCount) return;
    const range = picked.getRangeAt(0);
    if (text.contains(range.commonAncestorContainer)) box.value = picked.toString().trim();
  });
  addEventListener("pagehide", () => speech?.cancel());
})();
