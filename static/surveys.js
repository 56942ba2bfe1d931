// Fills in where the device is, rounded before it leaves the box. Without this script people type it, or leave it out.
(() => {
  "use strict";
  if (!navigator.geolocation) return;
  const show = () => { for (const button of document.querySelectorAll("[data-position]")) button.hidden = false; };
  const say = (id, words) => { const line = document.querySelector(`[data-said="${id}"]`); if (line) line.textContent = words; };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-position]");
    if (!button) return;
    const { position: id, refused } = button.dataset;
    say(id, "");
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const box = document.getElementById(id);
      button.disabled = false;
      if (!box) return;
      box.value = `${coords.latitude.toFixed(2)}, ${coords.longitude.toFixed(2)}`;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }, () => { button.disabled = false; say(id, refused); }, { timeout: 15000, maximumAge: 600000 });
  });
  document.addEventListener("htmx:afterSettle", show);
  show();
})();
