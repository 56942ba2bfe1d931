// Improves pages that work without it: announcements, focus, counters, reading tools. No page needs it.
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => {
    try { value ? localStorage.setItem(name, value) : localStorage.removeItem(name); } catch { /* private window */ }
  };
  for (const name of ["size", "contrast", "theme"]) if (kept(name)) root.dataset[name] = kept(name);

  const announce = (words) => {
    const live = document.getElementById("live");
    if (live) { live.textContent = ""; setTimeout(() => { live.textContent = words; }, 50); }
  };

  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) {
      const [name, value] = tool.dataset.tool.split(":");
      const now = root.dataset[name] === value ? "" : value;
      if (now) root.dataset[name] = now; else delete root.dataset[name];
      keep(name, now);
      announce(tool.textContent.trim());
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  const count = (box) => {
    const most = Number(box.dataset.count);
    let line = box.parentElement.querySelector(".count");
    if (!line) { line = document.createElement("p"); line.className = "count"; box.after(line); }
    const length = [...box.value].length;
    line.textContent = `${length} / ${most}`;
    line.classList.toggle("over", length > most);
  };
  document.addEventListener("input", (event) => { if (event.target.dataset.count) count(event.target); });

  // A second press of the same button must not send the form again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  const settle = (part) => {
    for (const box of part.querySelectorAll("[data-count]")) count(box);
    const target = part.querySelector(".error-summary, [data-focus]");
    if (target) { if (!target.matches("textarea, input, a, button")) target.tabIndex = -1; target.focus(); }
  };
  document.addEventListener("DOMContentLoaded", () => {
    settle(document);
    for (const part of document.querySelectorAll(".tools [hidden], [data-with-script]")) part.hidden = false;
    document.body.addEventListener("announce", (event) => announce(event.detail.value));
    document.body.addEventListener("htmx:afterSwap", (event) => settle(event.detail.target));
    // Answers with a message beside the field come with 422: show them like any other.
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
      if (event.detail.xhr.status === 409) announce(event.detail.xhr.responseText);
    });
    for (const name of ["htmx:sendError", "htmx:responseError"])
      document.body.addEventListener(name, () => announce(document.body.dataset.failed));
  });
})();
