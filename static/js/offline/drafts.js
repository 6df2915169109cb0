// Without a network the intake screen says so, and what is typed is kept sealed in the browser.
import * as fields from "./fields.js";
import * as sealing from "./sealing.js";
import * as store from "./store.js";

const PAUSE = 800;
const idOf = (known, form) => `${known.owner} ${form.dataset.queueUrl}`;

// The bar above the form; without words it goes.
export function bar(form, words, ...buttons) {
    let found = document.getElementById("offline-bar");
    if (!words) return found?.remove();
    found ??= Object.assign(document.createElement("div"), { id: "offline-bar", className: "app-offline" });
    found.setAttribute("role", "status");
    const said = Object.assign(document.createElement("span"), { textContent: `${words} ` });
    found.replaceChildren(said, ...buttons);
    if (!found.isConnected) form.before(found);
}

export function button(words, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: words });
    made.addEventListener("click", act);
    return made;
}

const GONE = "Mất kết nối. Cứ tiếp nhận bình thường: hồ sơ được giữ, mã hóa, trong trình duyệt này và tự gửi khi có kết nối; người dân nhận giấy tạm thời. Tệp quét bổ sung sau.";
const GONE_DUE = "Mất kết nối: ngày hẹn trả được tính từ lúc này khi hồ sơ được gửi.";

export function state(form, known) {
    const alone = !navigator.onLine;
    if (alone) {
        const due = document.getElementById("due");
        if (due) due.textContent = GONE_DUE;
        bar(form, known ? GONE : "Mất kết nối. Trình duyệt này chưa có khóa của hàng đợi: xin giữ trang này mở và gửi khi có kết nối.");
    } else if (document.getElementById("offline-bar")?.dataset.gone) bar(form, "Đã có kết nối lại.");
    const found = document.getElementById("offline-bar");
    if (found) found.dataset.gone = alone ? "1" : "";
}

export async function save(known, form) {
    const row = await sealing.seal(known, idOf(known, form), { fields: fields.read(form), at: Date.now() });
    await store.put("drafts", row);
}

export const drop = (known, form) => store.remove("drafts", idOf(known, form));

// A draft that a power cut or a reload left behind; then the bar, and keeping while one types.
export async function offer(known, form) {
    let later = 0;
    const typed = () => {
        clearTimeout(later);
        later = setTimeout(() => !navigator.onLine && known && save(known, form), PAUSE);
    };
    form.addEventListener("input", typed);
    for (const name of ["online", "offline"]) addEventListener(name, () => state(form, known));
    const row = known && (await store.get("drafts", idOf(known, form)));
    if (!row) return state(form, known);
    const draft = await sealing.unseal(known, row);
    const key = form.elements.intake_key.value;
    const refill = () => {
        fields.fill(form, draft.fields);
        form.elements.intake_key.value = key;
        bar(form, "");
        state(form, known);
    };
    const forget = () => drop(known, form).then(() => bar(form, "")).then(() => state(form, known));
    const at = new Date(draft.at).toLocaleString("vi-VN");
    bar(form, `Có bản đang gõ dở khi mất kết nối (${at}).`, button("Điền lại", refill), button("Bỏ bản này", forget));
}
