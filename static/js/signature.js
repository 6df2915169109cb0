// <fieldset data-signature="UPLOAD URL">: a signature drawn on the screen goes up as a picture; the form carries its id.
// Without scripts, or left blank: the receiver signs on paper.
const part = (box, name) => box.querySelector(`[data-signature-${name}]`);
const drawn = new WeakSet();

function at(pad, event) {
    const seen = pad.getBoundingClientRect();
    return [(event.clientX - seen.left) * (pad.width / seen.width), (event.clientY - seen.top) * (pad.height / seen.height)];
}

function begin(box) {
    const pad = part(box, "pad"), pen = pad.getContext("2d");
    let down = false;
    Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#10214a" });
    pad.addEventListener("pointerdown", (event) => {
        down = true;
        pad.setPointerCapture(event.pointerId);
        pen.beginPath();
        pen.moveTo(...at(pad, event));
        event.preventDefault();
    });
    pad.addEventListener("pointermove", (event) => {
        if (!down) return;
        pen.lineTo(...at(pad, event));
        pen.stroke();
        drawn.add(box);
    });
    for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { down = false; });
    part(box, "clear").addEventListener("click", () => clear(box));
    box.hidden = false;
}

function clear(box, words = "") {
    const pad = part(box, "pad");
    pad.getContext("2d").clearRect(0, 0, pad.width, pad.height);
    drawn.delete(box);
    part(box, "id").value = "";
    part(box, "said").textContent = words;
}

async function send(box) {
    const picture = await new Promise((done) => { part(box, "pad").toBlob(done, "image/png"); });
    const body = new FormData();
    body.append("file", picture, "chu-ky.png");
    body.append("rotation", 0);
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const answer = await fetch(box.dataset.signature, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
    if (answer.status !== 201) throw new Error(String(answer.status));
    part(box, "id").value = (await answer.json()).id;
    drawn.delete(box);
}

// Before the form goes, its signature goes; capture: before the form is marked as sent.
document.addEventListener("submit", async (event) => {
    const box = event.target.querySelector?.("[data-signature]");
    if (!box || !drawn.has(box)) return;
    event.preventDefault();
    event.stopPropagation();
    if (box.hasAttribute("aria-busy")) return;
    box.setAttribute("aria-busy", "true");
    part(box, "said").textContent = "Đang gửi chữ ký…";
    try {
        await send(box);
        event.target.requestSubmit();
    } catch {
        part(box, "said").textContent = "Chưa gửi được chữ ký. Xin thử lại, hoặc xóa chữ ký và ký trên giấy.";
    }
    box.removeAttribute("aria-busy");
}, true);

for (const box of document.querySelectorAll("[data-signature]")) begin(box);
