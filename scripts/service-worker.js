/** Keeps the page for when there is no network. Names of built files change with their content, so what is kept never goes stale; the page itself is asked for first and kept second. */
const KEPT = 'orrery-__VERSION__';
const FILES = __FILES__;

self.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  ),
);
self.addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('orrery-') && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  ),
);
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(
    request.mode === 'navigate'
      ? fetch(request).catch(() => caches.match('./', { cacheName: KEPT, ignoreVary: true }))
      : keptOrFetched(request),
  );
});

async function keptOrFetched(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
