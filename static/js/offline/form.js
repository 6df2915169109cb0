// <form data-queue-url="…">: the intake form. It is sealed into the queue before it is submitted;
// when the network fails, or is known to be gone, it waits there under its intake key.
import * as drafts from "./drafts.js";
import * as fields from "./fields.js";
import * as queue from "./queue.js";
import * as sealing from "./sealing.js";
import { sendAll } from "./sender.js";

const QUEUE = "/tiep-nhan/hang-doi/";
const form = document.querySelector("form[data-queue-url]");
const known = form && (await sealing.ready());
// An entry that was refused, opened to be corrected: it keeps its key and its moment.
const corrected = form && location.hash.startsWith("#sua=") ? location.hash.slice(5) : "";
const first = corrected ? await queue.read(known, corrected) : null;
let passing = false;
let busy = false;

const isAlone = () => !navigator.onLine;
const isGuarded = () => Boolean(navigator.serviceWorker?.controller);

// Only taking in can wait for a network; what else a counter may answer needs the server.
const takesIn = (button) => !button?.name || (button.dataset.takesIn ?? button.value === "accept");

async function keep(submitter, alone) {
    const key = form.elements.intake_key.value;
    const at = first?.taken_at ?? sealing.now(known).toISOString();
    const content = {
        path: form.dataset.queueUrl,
        version: form.dataset.version,
        fields: fields.read(form, submitter),
        taken_at: at,
        shown: fields.shown(form),
    };
    await queue.put(known, key, alone || first ? "waiting" : "sending", content);
    await drafts.drop(known, form);
    if (first) sendAll();
    if (alone || first) location.assign(`${QUEUE}#${first ? "" : `giay=${key}`}`);
    return alone || first;
}

async function submit(event) {
    const alone = isAlone();
    if (passing || event.target !== form || !known) return;
    if (!takesIn(event.submitter) && !alone) return;
    if (!alone && !first && !isGuarded()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (busy) return;
    if (!takesIn(event.submitter)) return say("Mất kết nối: lúc này chỉ tiếp nhận được hồ sơ; việc khác cần có kết nối.");
    if ((alone || first) && !fields.complete(form)) return;
    busy = true;
    if (await keep(event.submitter, alone).finally(() => { busy = false; })) return;
    passing = true;
    form.requestSubmit(event.submitter);
    passing = false;
}

function say(words) {
    document.getElementById("announcement").textContent = words;
    drafts.bar(form, words);
}

// Back from the browser's history: the next citizen is another intake.
async function renew() {
    const row = await queue.row(form.elements.intake_key.value);
    if (row?.state === "sending") await queue.remove(row.id); // the form came back with its errors
    else if (row && !first) form.elements.intake_key.value = crypto.randomUUID();
}

if (form) {
    document.addEventListener("submit", submit, { capture: true });
    addEventListener("pageshow", (event) => event.persisted && renew());
    await renew();
    if (first) {
        fields.fill(form, first.fields);
        form.elements.intake_key.value = corrected;
        say(`Hồ sơ tiếp nhận ngoại tuyến lúc ${new Date(first.taken_at).toLocaleString("vi-VN")}: ${first.answer?.message ?? ""}`);
    } else await drafts.offer(known, form);
}
