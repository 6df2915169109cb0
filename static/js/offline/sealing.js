// Who is signed in at this browser, and the key under which that user's entries are sealed.
// The key comes from the server for each user, cannot be read back by scripts, and goes at sign-out.
import * as store from "./store.js";

const KEY_URL = "/tiep-nhan/hang-doi/khoa/";
const PATIENCE = 15_000;
export const FORMS = "motcua-forms";

export class SignedOut extends Error {}

const onThePage = () => document.querySelector(".app-user")?.dataset.owner;

// The user of the last answer: {owner, key, offset}; undefined when nobody is signed in, or when
// the page was made for somebody else.
export async function current() {
    const known = await store.get("keys", "current");
    return known && [undefined, known.owner].includes(onThePage()) ? known : undefined;
}

// The same, asked of the server when this browser does not know.
export async function ready() {
    const known = await current();
    return known ?? (navigator.onLine ? session().then(current, () => undefined) : undefined);
}

// Asks the server anew: {owner, csrf, forms}. Fails for lack of network, or as SignedOut.
export async function session(query = "") {
    const before = Date.now();
    const answer = await fetch(KEY_URL + query, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected || answer.status === 401 || answer.status === 403) throw new SignedOut();
    if (!answer.ok) throw new TypeError(`server answers ${answer.status}`);
    const { owner, key, csrf, forms = [] } = await answer.json();
    const former = await store.get("keys", "current");
    if (former && former.owner !== owner) await caches.delete(FORMS);
    const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    const secret = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const offset = offsetOf(answer.headers.get("Date"), before, Date.now());
    await store.put("keys", { id: "current", owner, key: secret, offset });
    return { owner, csrf, forms };
}

// The server says whole seconds; less than two of difference is no difference.
function offsetOf(said, before, after) {
    const offset = Date.parse(said) + 500 - (before + after) / 2;
    return Math.abs(offset) < 2000 || Number.isNaN(offset) ? 0 : Math.round(offset);
}

// The moment by the server's clock, as far as this device knows it.
export const now = (known) => new Date(Date.now() + known.offset);

const bound = (owner, id) => new TextEncoder().encode(`${owner} ${id}`);

export async function seal(known, id, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: bound(known.owner, id) };
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { id, owner: known.owner, iv, cipher: await crypto.subtle.encrypt(how, known.key, plain) };
}

export async function unseal(known, row) {
    const how = { name: "AES-GCM", iv: row.iv, additionalData: bound(row.owner, row.id) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, known.key, row.cipher)));
}

// At sign-out, and before anybody signs in: neither key nor kept pages stay; sealed entries do.
export async function forget() {
    await Promise.all([store.clear("keys"), caches.delete(FORMS)]);
}
