// Without a network: which intake forms this browser keeps, found by words without accents.
import { FORMS } from "./sealing.js";

const list = document.querySelector("[data-kept-list]");
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

async function named(cache, request) {
    const text = await (await cache.match(request, { ignoreVary: true })).text();
    const form = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-queue-url]");
    return form && { url: new URL(request.url).pathname, name: form.dataset.procedureName, code: form.dataset.procedureCode };
}

function link({ url, name, code }) {
    const made = Object.assign(document.createElement("a"), { href: url, className: "list-group-item list-group-item-action" });
    made.append(Object.assign(document.createElement("strong"), { textContent: name }), ` · ${code}`);
    made.dataset.words = fold(`${name} ${code}`);
    return made;
}

function narrow(words) {
    const wanted = fold(words).split(/\s+/).filter(Boolean);
    for (const item of list.children) item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
}

async function show() {
    if (!list || !globalThis.caches) return;
    const cache = await caches.open(FORMS);
    const found = (await Promise.all((await cache.keys()).map((request) => named(cache, request)))).filter(Boolean);
    list.replaceChildren(...found.sort((one, other) => one.name.localeCompare(other.name, "vi")).map(link));
    document.querySelector("[data-kept-none]").hidden = found.length > 0;
    document.querySelector("[data-kept-search]").hidden = found.length < 2;
}

export { show as list };
document.getElementById("kept-words")?.addEventListener("input", (event) => narrow(event.target.value));
document.querySelector("[data-reload]")?.addEventListener("click", () => location.reload());
