// Keys for the moderators' desk: one sign each, never while somebody types, and off for whoever unticks the box. And
// what helps to tick many cases.
(() => {
  "use strict";
  const NAME = "moderation-keys";
  const kept = () => { try { return localStorage.getItem(NAME) !== "off"; } catch { return true; } };
  let on = kept();

  const show = () => {
    for (const part of document.querySelectorAll(".keys")) part.hidden = false;
    for (const box of document.querySelectorAll("[data-keys]")) box.checked = on;
    for (const key of document.querySelectorAll("kbd.key")) key.hidden = !on;
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys]")) return;
    on = event.target.checked;
    try { localStorage.setItem(NAME, on ? "on" : "off"); } catch { /* private window: for this page only */ }
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    const rules = document.querySelectorAll(".decide input[name=reason]");
    const rule = /^[1-9]$/.test(event.key) ? rules[Number(event.key) - 1] : null;
    const act = rule || document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!act) return;
    event.preventDefault();
    const fold = act.closest("details:not([open])");
    if (fold) fold.open = true; // what it needs is asked for first
    (fold ? fold.querySelector("select, textarea") : act).focus();
    if (!fold) act.click();
  });
  const boxes = () => [...document.querySelectorAll("input[name=cases]")];
  const count = () => {
    const n = boxes().filter((box) => box.checked).length;
    for (const part of document.querySelectorAll("[data-ticked]")) part.textContent = n ? ` ✓ ${n}` : "";
    for (const button of document.querySelectorAll("[data-tick-all]")) button.hidden = false;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "cases") count(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-tick-all]")) return;
    const all = boxes();
    const on = !all.every((box) => box.checked);
    for (const box of all) box.checked = on;
    count();
  });
  addEventListener("DOMContentLoaded", () => {
    show();
    document.body.addEventListener("htmx:afterSwap", () => { show(); count(); });
  });
  if (document.readyState !== "loading") { show(); count(); }
})();
