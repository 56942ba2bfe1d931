// Keys for the moderators' desk: one sign each, never while somebody types, and off for whoever unticks the box.
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
  addEventListener("DOMContentLoaded", () => {
    show();
    document.body.addEventListener("htmx:afterSwap", show);
  });
  if (document.readyState !== "loading") show();
})();
