// Service worker (a classic script; /sw.js says in KEPT the version, the static files, the shell).
// The network comes first, always; what is kept is used when it fails. Kept are static files and
// intake forms, never lists or dossiers.
const STATIC = `motcua-static-${self.KEPT.version}`;
const FORM = /^\/tiep-nhan\/(?!hang-doi\/)[^/]+\/$/;
const PATIENCE = 10_000;

self.addEventListener("install", (event) => {
    self.skipWaiting();
    const wanted = [...self.KEPT.files, self.KEPT.shell].map((url) => new Request(url, { cache: "reload" }));
    event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(wanted)));
});

self.addEventListener("activate", (event) => event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("motcua-static-") && name !== STATIC);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    const isForm = FORM.test(url.pathname);
    if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request, url, isForm && !url.search));
    else if (request.mode === "navigate" && request.method === "POST" && isForm) event.respondWith(submitted(request));
    else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
        event.respondWith(fetch(request).catch(() => kept(STATIC, url.pathname).then((found) => found ?? Response.error())));
    }
});

const kept = async (name, path) => (await caches.open(name)).match(path, { ignoreVary: true });
const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, new TypeError("no answer")));

async function page(request, url, isForm) {
    const address = url.href.split("#")[0];
    const stashed = landed.get(address);
    landed.delete(address);
    if (stashed) return stashed;
    const copy = isForm ? await kept(FORMS, url.pathname) : null;
    try {
        const answer = await (copy ? Promise.race([fetch(request), late()]) : fetch(request));
        if (DOWN.includes(answer.status)) throw new TypeError("the server is down");
        if (isForm && answer.status === 200) await keepForm(url, answer.clone());
        return answer;
    } catch {
        if (copy) return used(copy);
        const shell = request.destination === "document" && (await kept(STATIC, self.KEPT.shell));
        return shell || Response.error();
    }
}
