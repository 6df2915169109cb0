// [data-upload]: a file chosen, dropped or pasted goes up at once; the form carries only its id.
const held = new WeakMap(); // box → {file, rotation, turn}
const part = (box, name) => box.querySelector(`[data-upload-${name}]`);

function show(box, kept, words = "") {
    const hadFocus = part(box, "pick").contains(document.activeElement);
    part(box, "pick").hidden = Boolean(kept);
    part(box, "kept").hidden = !kept;
    part(box, "said").textContent = words;
    part(box, "id").value = kept?.id ?? "";
    if (kept) {
        const size = kept.size < 1e6 ? `${Math.ceil(kept.size / 1e3)} kB` : `${(kept.size / 1e6).toFixed(1).replace(".", ",")} MB`;
        part(box, "link").href = kept.url;
        part(box, "name").textContent = `${kept.name} (${kept.pages > 1 ? `${kept.pages} trang, ` : ""}${size})`;
        part(box, "turn").hidden = !held.has(box) || !kept.thumbnail;
        const picture = part(box, "picture");
        picture.hidden = !kept.thumbnail;
        picture.removeAttribute("data-turn");
        if (kept.thumbnail) picture.src = kept.thumbnail;
        if (hadFocus) part(box, "link").focus(); // the button that had it is hidden now
    }
    // What saves the form as one types hears of it like of any other field.
    part(box, "id").dispatchEvent(new Event("change", { bubbles: true }));
}

async function send(box) {
    const mine = held.get(box), { file, rotation } = mine;
    if (file.size > Number(box.dataset.largest)) return show(box, null, "Tệp lớn hơn 20 MB.");
    box.setAttribute("aria-busy", "true");
    part(box, "said").textContent = "Đang tải lên…";
    const body = new FormData();
    body.append("file", file);
    body.append("rotation", rotation);
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    let kept = null, words = "";
    try {
        const answer = await fetch(box.dataset.upload, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
        const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
        if (answer.status === 201) kept = said;
        else if (answer.status === 401) words = "Phiên làm việc đã hết: xin đăng nhập lại ở một thẻ khác rồi chọn lại tệp.";
        else words = said.message ?? (answer.status === 413 ? "Tệp lớn hơn 20 MB." : "Không tải lên được tệp này.");
    } catch {
        words = "Mất kết nối: chưa tải được tệp lên. Xin chọn lại tệp khi có mạng.";
    }
    if (held.get(box) !== mine || mine.rotation !== rotation) return; // another file or turn since
    box.removeAttribute("aria-busy");
    show(box, kept, words);
}

function take(box, file) {
    if (!file) return;
    held.set(box, { file, rotation: 0 });
    send(box);
}

document.addEventListener("change", (event) => {
    const box = event.target.type === "file" && event.target.closest("[data-upload]");
    if (!box) return;
    take(box, event.target.files[0]);
    event.target.value = ""; // it is up: not sent again with the form
});
document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-upload]");
    if (box && event.target.closest("[data-upload-drop]")) {
        held.delete(box);
        box.removeAttribute("aria-busy");
        show(box, null);
        box.querySelector("input[type=file]").focus();
    }
    if (box && event.target.closest("[data-upload-turn]")) {
        const mine = held.get(box);
        mine.rotation = (mine.rotation + 90) % 360;
        part(box, "picture").dataset.turn = ((Number(part(box, "picture").dataset.turn) || 0) + 90) % 360;
        clearTimeout(mine.turn);
        box.setAttribute("aria-busy", "true");
        mine.turn = setTimeout(() => send(box), 400);
    }
});
