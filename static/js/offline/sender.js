// Sends the queue when the network is back: on "online", every half minute, one tab at a time.
// The server knows each entry by its intake key, so that sending one twice changes nothing.
import * as queue from "./queue.js";
import * as sealing from "./sealing.js";

const EVERY = 30_000;
// How long the browser itself may take for a form, before the queue asks what became of it.
const GRACE = 60_000;
const KEEP_SENT = 24 * 3600_000;
const PATIENCE = 30_000;

// Why nothing is sent just now: "", "offline" or "signed-out".
export let hindrance = "";

export async function sendAll() {
    const lock = navigator.locks;
    if (!lock) return sendDue();
    return lock.request("motcua-offline-send", { ifAvailable: true }, (held) => (held ? sendDue() : null));
}

const isDue = (row) =>
    row.state === "waiting" || (row.state === "sending" && Date.now() - row.at > GRACE);

async function sendDue() {
    const known = await sealing.current();
    const rows = known ? await queue.rows(known) : [];
    for (const row of rows) {
        if (row.state === "sent" && Date.now() - row.at > KEEP_SENT) await queue.remove(row.id);
    }
    const due = rows.filter(isDue);
    if (!due.length || !navigator.onLine) return;
    try {
        const session = await sealing.session();
        hindrance = "";
        if (session.owner !== known.owner) return;
        for (const row of due) await sendOne(known, row, session.csrf);
    } catch (error) {
        hindrance = error instanceof sealing.SignedOut ? "signed-out" : "offline";
    }
    document.dispatchEvent(new CustomEvent("queue:changed"));
}

async function sendOne(known, row, csrf) {
    const content = await sealing.unseal(known, row);
    const body = new URLSearchParams(content.fields);
    body.set("taken_at", content.taken_at);
    body.set("version", content.version);
    const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${content.path}ngoai-tuyen/`, { method: "POST", body, headers, signal });
    if (answer.redirected || answer.status === 401) throw new sealing.SignedOut();
    if (answer.status >= 500 || answer.status === 429) throw new TypeError(`server answers ${answer.status}`);
    const said = await told(answer);
    await queue.put(known, row.id, answer.ok ? "sent" : "refused", { ...content, answer: said });
}

async function told(answer) {
    if (answer.headers.get("Content-Type")?.includes("json")) return answer.json();
    return { code: "http", message: `Máy chủ không nhận hồ sơ này (mã ${answer.status}). Thử gửi lại hoặc báo quản trị.` };
}

addEventListener("online", sendAll);
setInterval(sendAll, EVERY);
