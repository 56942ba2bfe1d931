// One thing only: a page that could not be reached for want of a connection is answered with the offline page.
// Nothing else is kept: pages may be personal, and the device may be shared.
const KEPT = "offline-1";
const PARTS = ["/offline/", "/static/portal.css", "/static/mark.svg"];
self.addEventListener("install", (event) => event.waitUntil(
  caches.open(KEPT).then((cache) => cache.addAll(PARTS.map((part) => new Request(part, { credentials: "omit", cache: "reload" }))))
));
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match("/offline/")));
  else if (PARTS.includes(path)) event.respondWith(fetch(event.request).catch(() => caches.match(path)));
});
