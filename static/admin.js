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
  // What is wrong is read first.
  document.querySelector(".errornote")?.setAttribute("tabindex", "-1");
  document.querySelector(".errornote")?.focus();
})();
