// Keeps what a terminal in a service hall showed last, for when the network is down. The network always comes first: a
// kept page is shown only where it does not answer, and says from when it is. What was taken down is forgotten with the
// next look. Nothing is kept of searches, applications or whatever else carries a question.
"use strict";

const KEPT = "gongkai-kiosk";
const MOST = 300;
const FIRST = ["/kiosk/", "/kiosk/read/", "/kiosk/print/", "/kiosk/offline/"];
const OFFLINE = "/kiosk/offline/";
const PAGES = /^\/(?:$|(?:kiosk|info|columns|topics|pages|sites|units|plans|sheets)\/)/;
const PARTS = /^\/(?:static|display)\/.*\.\w+$|^\/display\/banner\/$/;
const LASTING = /\.[0-9a-f]{12}\.\w+$/;
const WHEN = "X-Kept-At";

self.addEventListener("install", (event) => {
  event.waitUntil(first().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) { return; }
  if (PARTS.test(url.pathname)) { event.respondWith(part(event, url)); }
  else if (event.request.mode === "navigate") { event.respondWith(page(event, url)); }
});

// The pages to begin with, and what they are made of.
async function first() {
  const cache = await caches.open(KEPT);
  for (const path of FIRST) {
    const answer = await fetch(path, { cache: "no-cache" });
    if (!answer.ok) { throw new Error(path + " is not there"); }
    const text = await answer.clone().text();
    await keep(cache, path, answer);
    for (const [, found] of text.matchAll(/(?:href|src)="(\/(?:static|display)\/[^"#?]+\.\w+)/g)) {
      if (await cache.match(found) === undefined) {
        const piece = await fetch(found);
        if (piece.ok) { await keep(cache, found, piece); }
      }
    }
  }
}

async function part(event, url) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(url.pathname);
  if (kept !== undefined && LASTING.test(url.pathname)) { return kept; }
  try {
    const answer = await fetch(event.request);
    if (answer.ok) { event.waitUntil(keep(cache, url.pathname, answer.clone())); }
    return answer;
  } catch (error) {
    return kept === undefined ? Response.error() : kept;
  }
}

async function page(event, url) {
  const plain = PAGES.test(url.pathname) && url.search === "";
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(event.request);
    if (plain && answer.ok && (answer.headers.get("Content-Type") || "").startsWith("text/html")) {
      event.waitUntil(keep(cache, url.pathname, answer.clone()));
    } else if (plain && (answer.status === 404 || answer.status === 410)) {
      await cache.delete(url.pathname);
    }
    return answer;
  } catch (error) {
    const kept = plain ? await cache.match(url.pathname) : undefined;
    return kept === undefined ? told(await cache.match(OFFLINE)) : told(kept);
  }
}

// The newest stands last; the pages to begin with and what they are made of are put back before something else has to go.
async function keep(cache, path, answer) {
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag", "Set-Cookie"]) { headers.delete(name); }
  headers.set(WHEN, String(Date.now()));
  await cache.put(path, new Response(await answer.blob(), { status: 200, headers }));
  const others = (await cache.keys()).filter((one) => !FIRST.includes(new URL(one.url).pathname));
  const pages = others.filter((one) => !PARTS.test(new URL(one.url).pathname));
  for (const one of pages.slice(0, Math.max(0, others.length - MOST))) { await cache.delete(one); }
}

// A kept page says that it is one, and from when.
async function told(kept) {
  if (kept === undefined) { return Response.error(); }
  const when = new Date(Number(kept.headers.get(WHEN)));
  const words = when.toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long", timeStyle: "short" });
  const note = `<p class="gk-kiosk-offline" role="status">网络断开。这是 ${words} 存下的页面，可能不是最新的。<a href="/kiosk/">回到首页</a></p>`;
  const text = await kept.text();
  return new Response(text.replace(/<body[^>]*>/, (body) => body + note), { status: 200, headers: kept.headers });
}
