// Says how many dots or how much of the budget is left while somebody fills in a ballot. The server decides all the same.
(() => {
  "use strict";
  const show = (form) => {
    const line = form.querySelector("[data-left]");
    if (!line) return;
    let used = 0;
    for (const box of form.querySelectorAll("[data-cost]:checked")) used += Number(box.dataset.cost);
    for (const box of form.querySelectorAll("input[type=number]")) used += Math.max(Number(box.value) || 0, 0);
    const left = Number(line.dataset.left) - used;
    line.textContent = `${line.dataset.words} ${left.toLocaleString("en-IN")}`;
    line.classList.toggle("over", left < 0);
    line.hidden = false;
  };
  const all = () => document.querySelectorAll("form.paper").forEach(show);
  addEventListener("input", ({ target }) => { const form = target.closest("form.paper"); if (form) show(form); });
  addEventListener("htmx:afterSwap", all);
  all();
})();
