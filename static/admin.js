// A second press of the same button must not send the form again. The verbs themselves are harmless twice.
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
  // The boxes that complete what is typed are drawn by a script that does not name them, whenever it comes to it.
  const drawn = "[role=combobox], .select2-selection__rendered, .select2-search__field";
  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const words = select.labels?.[0]?.textContent.trim().replace(/:$/, "");
      const open = select.nextElementSibling?.matches(".select2-container--open") ? document.querySelectorAll(".select2-dropdown .select2-search__field") : [];
      for (const field of [...(select.nextElementSibling?.querySelectorAll(drawn) ?? []), ...open])
        if (words && field.getAttribute("aria-label") !== words) { field.removeAttribute("aria-labelledby"); field.setAttribute("aria-label", words); }
    }
  };
  if (document.querySelector("select.admin-autocomplete")) {
    nameBoxes();
    new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
  }
  // What scrolls sideways on a small screen can be scrolled by keyboard.
  const reach = () => {
    for (const part of document.querySelectorAll(".wrapper, .results, .tabular"))
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0; else part.removeAttribute("tabindex");
  };
  reach();
  addEventListener("resize", reach);
  // What is wrong is read first.
  document.querySelector(".errornote")?.setAttribute("tabindex", "-1");
  document.querySelector(".errornote")?.focus();
})();
