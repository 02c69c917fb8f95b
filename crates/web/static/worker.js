// Keeps the page that checks statements, and what it checks them against, for when there is no line. FILES is put before this.

const KEPT = "statements-1";
const PAGE = "/check/document";
const KNOWN = "/check/known";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([PAGE, KNOWN, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The line first; what was kept only where there is none, so that nobody checks against yesterday without need.
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.origin === self.location.origin && (url.pathname === PAGE || url.pathname === KNOWN || FILES.includes(url.pathname));
  if (!ours) return;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (answer.ok && !url.search) await (await caches.open(KEPT)).put(url.pathname, answer.clone());
        return answer;
      })
      .catch(async () => (await caches.match(url.pathname)) ?? Response.error()),
  );
});
