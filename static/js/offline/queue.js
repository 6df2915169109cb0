// The queue of the signed-in user. An entry is "sending" while the browser submits its form,
// "waiting" for the network, "refused" with the reason, or "sent" with the dossier's code.
import * as sealing from "./sealing.js";
import * as store from "./store.js";

const heard = new BroadcastChannel("motcua-offline");
heard.onmessage = () => announce();

function announce() {
    document.dispatchEvent(new CustomEvent("queue:changed"));
}

function changed() {
    heard.postMessage(null);
    announce();
}

// `content`: {path, version, fields, taken_at, shown, answer}; all of it is sealed.
export async function put(known, id, state, content) {
    const row = await sealing.seal(known, id, content);
    await store.put("entries", { ...row, state, at: Date.now() });
    changed();
}

export async function mark(id, from, to) {
    const row = await store.get("entries", id);
    if (row?.state !== from) return;
    await store.put("entries", { ...row, state: to });
    changed();
}

export async function remove(id) {
    await store.remove("entries", id);
    changed();
}

export const row = (id) => store.get("entries", id);

export async function rows(known) {
    const found = await store.all("entries");
    return found.filter((each) => each.owner === known?.owner).sort((one, other) => one.at - other.at);
}

export async function ofOthers(known) {
    const found = await store.all("entries");
    return found.filter((each) => each.owner !== known?.owner && each.state !== "sent").length;
}

// An entry opened, or null when it is another user's.
export async function read(known, id) {
    const found = await row(id);
    return found?.owner === known?.owner && found ? { ...(await sealing.unseal(known, found)), state: found.state } : null;
}
