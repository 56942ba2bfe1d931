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

  // --- reading tools and menus ---
  const showTools = () => {
    for (const tool of document.querySelectorAll("[data-tool]")) {
      const [name, value] = tool.dataset.tool.split(":");
      tool.setAttribute("aria-pressed", String((root.dataset[name] || "") === value));
    }
  };
  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) {
      const [name, value] = tool.dataset.tool.split(":");
      const now = root.dataset[name] === value ? "" : value;
      if (now) root.dataset[name] = now; else delete root.dataset[name];
      keep(name, now);
      showTools();
    }
    for (const menu of document.querySelectorAll("details.menu[open]:not(.nav-menu)")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // --- forms ---
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

  // --- parts that htmx changes ---
  const focus = (thing) => {
    if (!thing.matches("textarea, input, select, a[href], button")) thing.tabIndex = -1;
    thing.focus();
  };
  const settle = (part) => {
    for (const box of part.querySelectorAll("[data-count]")) count(box);
    const wanted = part.querySelector(".error-summary, [data-focus]");
    if (wanted) focus(wanted);
    return Boolean(wanted);
  };
  // What is wrong stands beside what was pressed, and is read out.
  const complain = (beside, words) => {
    let line = beside.parentElement?.querySelector(":scope > .complaint");
    if (!line) { line = document.createElement("p"); line.className = "notice warning complaint"; beside.after(line); }
    line.textContent = words;
    announce(words);
  };
  let pressed = ""; // the class of what had the focus, and is about to be replaced
  let lookedAt = false;
  const wire = (body) => {
    body.addEventListener("announce", (event) => announce(event.detail.value));
    body.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target.setAttribute("aria-busy", "true"));
    body.addEventListener("htmx:afterRequest", ({ detail }) => detail.target.removeAttribute("aria-busy"));
    body.addEventListener("htmx:beforeSwap", ({ detail }) => {
      // Answers with a message in the part come with 4xx: show them like any other. Plain words stand beside.
      const { status, responseText } = detail.xhr;
      const isPart = /^text\/html/.test(detail.xhr.getResponseHeader("Content-Type")) && !/<html/i.test(responseText);
      if (status === 422 || ([403, 409].includes(status) && isPart)) { detail.shouldSwap = true; detail.isError = false; }
      else if (status === 409) { detail.isError = false; complain(detail.elt, responseText); }
      const active = document.activeElement;
      const goes = detail.shouldSwap && active !== body && (detail.target.contains(active) || detail.elt.contains(active));
      pressed = goes ? active.className || "part" : "";
      lookedAt = false;
    });
    // Fires on every new element; the first one that can takes the focus.
    body.addEventListener("htmx:afterSwap", ({ target: part, detail }) => {
      if (settle(part)) { lookedAt = true; return; }
      if (!pressed || lookedAt) return;
      const box = detail.requestConfig.verb === "get" && part.querySelector("textarea");
      const same = [...part.querySelectorAll("button, a[href]")].find((thing) => thing.className === pressed);
      focus(box || same || part.querySelector("a[href], button") || part);
      lookedAt = true;
      if (part.matches("li, article, .replies")) announce(body.dataset.loaded);
    });
    for (const name of ["htmx:sendError", "htmx:responseError"])
      body.addEventListener(name, ({ detail }) => complain(detail.elt, body.dataset.failed));
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const part of document.querySelectorAll(".tools[hidden], [data-with-script]")) part.hidden = false;
    showTools();
    settle(document);
    wire(document.body);
    // The bar with the act goes away where the act itself is on the screen.
    const bar = document.querySelector(".act-bar"), act = bar && document.getElementById(bar.querySelector("a").hash.slice(1));
    if (bar && act) new IntersectionObserver(([seen]) => bar.classList.toggle("away", seen.isIntersecting)).observe(act);
  });

  // --- how many notifications wait: a conditional request a minute while somebody looks, and none after a failure ---
  const watchBell = () => {
    const bell = document.querySelector("[data-unread]");
    if (!bell) return;
    let etag = "";
    const look = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(bell.dataset.unread, { cache: "no-store", redirect: "error", headers: etag ? { "If-None-Match": etag } : {} });
        if (answer.status === 304) return;
        if (!answer.ok) throw new Error(answer.status);
        const news = bell.textContent;
        bell.innerHTML = await answer.text();
        if (etag && bell.textContent !== news) announce(bell.textContent.trim());
        etag = answer.headers.get("ETag") || "";
      } catch { clearInterval(timer); }
    };
    const timer = setInterval(look, 60_000);
    document.body.addEventListener("htmx:afterSwap", ({ target }) => { if (target.closest(".dropped")) look(); });
  };
  document.addEventListener("DOMContentLoaded", watchBell);
  if ("serviceWorker" in navigator && isSecureContext) addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
})();
