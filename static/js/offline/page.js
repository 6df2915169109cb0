// The page of the queue: what waits, what was refused and why, what was sent; nothing is lost here
// without somebody's word.
import * as kept from "./kept.js";
import * as paper from "./paper.js";
import * as queue from "./queue.js";
import * as sealing from "./sealing.js";
import { hindrance, sendAll } from "./sender.js";

const STATES = {
    sending: "Đang gửi",
    waiting: "Chờ gửi",
    refused: "Chưa được nhận: cần xem lại",
    sent: "Đã gửi",
};
const ACTS = { sending: ["paper"], waiting: ["paper"], refused: ["correct", "again", "paper", "drop"], sent: ["dossier", "forget"] };
const box = document.querySelector("[data-queue]");

function entry(known, row, content) {
    const item = document.getElementById("queue-entry").content.cloneNode(true).firstElementChild;
    const { shown, answer } = content;
    const state = row.state === "sent" ? `Đã gửi, mã hồ sơ ${answer.code}` : STATES[row.state];
    const message = row.state === "refused" ? (answer?.message ?? "") : "";
    paper.write(item, { ...shown, taken: paper.moment(content.taken_at), state, message });
    item.querySelector("[data-slot=state]").dataset.state = row.state;
    for (const button of item.querySelectorAll("[data-act]")) {
        if (!ACTS[row.state].includes(button.dataset.act)) button.remove();
        else attach(button, known, row, content);
    }
    return item;
}

function attach(button, known, row, content) {
    const acts = {
        again: () => queue.put(known, row.id, "waiting", content).then(sendAll),
        paper: () => paper.show(row.id, content),
        drop: () => drop(row, content),
        forget: () => queue.remove(row.id),
    };
    if (button.dataset.act === "dossier") button.href = content.answer.url;
    else if (button.dataset.act === "correct") button.href = `${content.path}#sua=${row.id}`;
    else button.addEventListener("click", acts[button.dataset.act]);
    button.setAttribute("aria-label", `${button.textContent}: ${content.shown.holder}`);
}

// Given up: the server is told who, when and why, and only then it goes.
async function drop(row, content) {
    const words = `Bỏ hồ sơ của ${content.shown.holder}? Hồ sơ này sẽ không được gửi và không khôi phục được. Người dân phải được báo.`;
    if (!confirm(words)) return;
    try {
        const { csrf } = await sealing.session();
        const body = new URLSearchParams({ key: row.id, taken_at: content.taken_at, reason: content.answer?.code ?? "" });
        const answer = await fetch("/tiep-nhan/hang-doi/bo/", { method: "POST", body, headers: { "X-CSRFToken": csrf } });
        if (answer.redirected || !answer.ok) throw new TypeError(`server answers ${answer.status}`);
        await queue.remove(row.id);
    } catch {
        note("Chưa bỏ được: việc này cần có kết nối và đăng nhập.");
    }
}

const note = (words) => { box.querySelector("[data-queue-note]").textContent = words; };

async function show() {
    const known = await sealing.current();
    const rows = await queue.rows(known);
    const items = await Promise.all(rows.map(async (row) => entry(known, row, await sealing.unseal(known, row))));
    box.querySelector("[data-queue-list]").replaceChildren(...items);
    const others = await queue.ofOthers(known);
    box.querySelector("[data-queue-others]").textContent = others ? `Có ${others} hồ sơ chờ gửi của người dùng khác; người ấy đăng nhập tại trình duyệt này thì hồ sơ được gửi.` : "";
    if (hindrance === "signed-out") note("Phiên làm việc đã hết: xin đăng nhập lại, hồ sơ vẫn được giữ và sẽ tự gửi.");
    else if (!known) note("Xin đăng nhập để xem và gửi hồ sơ của mình.");
    else if (!rows.length) note("Không có hồ sơ nào chờ gửi.");
    else note(navigator.onLine ? "" : "Đang mất kết nối; hồ sơ tự gửi khi có kết nối.");
}

document.addEventListener("queue:changed", show);
for (const name of ["online", "offline"]) addEventListener(name, show);
if (navigator.onLine) await sealing.session().catch(() => null); // whose queue is it now?
await paper.open();
await Promise.all([show(), kept.list()]);
sendAll();
