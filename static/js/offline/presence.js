// On every page: keeps the service worker, the key and the usual intake forms of whoever is signed
// in; forgets them at sign-out and before another sign-in; shows how many entries wait.
import * as queue from "./queue.js";
import * as sealing from "./sealing.js";
import { sendAll } from "./sender.js";

const QUEUE = "/tiep-nhan/hang-doi/";
const FRESH = 12 * 3600_000;
const user = document.querySelector(".app-user");
const isTaker = Boolean(document.querySelector(".app-nav-link[href='/tiep-nhan/']"));

// In the middle of leaving or coming in: the key goes first, then the form is sent.
async function forgetFirst(event) {
    const form = event.target;
    const way = new URL(form.action, location.href).pathname;
    if (!["/accounts/logout/", "/accounts/login/"].includes(way) || form.dataset.forgotten) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.forgotten = "1";
    await sealing.forget().catch(() => null);
    form.requestSubmit(event.submitter);
    delete form.dataset.forgotten;
}

async function keepForms() {
    const at = Number(localStorage.getItem("motcua-forms-kept") ?? 0);
    if ((await sealing.current()) && Date.now() - at < FRESH && (await caches.has(sealing.FORMS))) return;
    const { forms } = await sealing.session("?forms=1");
    await caches.open(sealing.FORMS);
    (await navigator.serviceWorker.ready).active.postMessage({ keep: forms });
    localStorage.setItem("motcua-forms-kept", String(Date.now()));
}

async function badge() {
    const known = await sealing.current();
    const number = (await queue.rows(known)).filter((row) => row.state !== "sent").length;
    let link = document.getElementById("queue-badge");
    if (!number) return link?.remove();
    link ??= Object.assign(document.createElement("a"), { id: "queue-badge", className: "app-queue-badge", href: QUEUE });
    link.textContent = `Hồ sơ chờ gửi: ${number}`;
    if (!link.isConnected) user.before(link);
}

// The service worker led here after a form was taken in: its entry has done its work.
async function arrived() {
    if (!location.hash.startsWith("#da-gui=")) return;
    const id = location.hash.slice(8);
    history.replaceState(null, "", location.pathname + location.search);
    await queue.remove(id);
}

async function begin() {
    document.addEventListener("submit", forgetFirst, { capture: true });
    if (!user || !isTaker) return;
    navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => null);
    document.addEventListener("queue:changed", badge);
    await arrived();
    await badge();
    navigator.storage?.persist?.();
    const idle = globalThis.requestIdleCallback ?? setTimeout;
    idle(() => keepForms().then(sendAll, () => null));
}

// Only where the browser can keep secrets: HTTPS, or this machine itself.
if (globalThis.crypto?.subtle && globalThis.indexedDB && navigator.serviceWorker) begin();
