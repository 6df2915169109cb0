// The provisional receipt: it says that it is one, gives no code and promises no date.
import * as queue from "./queue.js";
import * as sealing from "./sealing.js";

const sheet = document.getElementById("provisional");

export const moment = (text) =>
    new Date(text).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" }).replace(" ", " ngày ");

export function write(element, values) {
    for (const slot of element.querySelectorAll("[data-slot]")) {
        const value = values[slot.dataset.slot];
        if (Array.isArray(value)) slot.replaceChildren(...value.map(line));
        else slot.textContent = value || (slot.tagName === "DD" ? "–" : "");
    }
}

const line = (text) => Object.assign(document.createElement("li"), { textContent: text });

export function show(id, content) {
    const number = id.slice(0, 8).toUpperCase();
    const papers = content.shown.papers.length ? content.shown.papers : ["Không có"];
    write(sheet, { ...content.shown, papers, number, taken: moment(content.taken_at) });
    sheet.hidden = false;
    sheet.focus();
}

// `#giay=KEY`: the paper of the intake that could not be sent just now.
export async function open() {
    if (!location.hash.startsWith("#giay=")) return;
    const id = location.hash.slice(6);
    await queue.mark(id, "sending", "waiting");
    const known = await sealing.current();
    const content = known && (await queue.read(known, id));
    if (content) show(id, content);
}

addEventListener("hashchange", open);
sheet.querySelector("[data-print]").addEventListener("click", () => print());
sheet.querySelector("[data-close-paper]").addEventListener("click", () => { sheet.hidden = true; });
