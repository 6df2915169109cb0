// <form data-draft="address">: saved a moment after each change, so that nothing typed is lost.
const PAUSE = 1500;
const form = document.querySelector("form[data-draft]");
const said = document.getElementById("draft-said");
let timer = 0;
let last = "";
let over = false;

async function save(options = {}) {
    clearTimeout(timer);
    const body = new URLSearchParams(new FormData(form));
    const text = body.toString();
    if (over || text === last) return;
    last = text;
    try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" }, ...options });
        if (answer.ok) said.textContent = `Đã lưu nháp lúc ${(await answer.json()).saved}`;
        else if (answer.status === 409) over = true;
        else failed();
    } catch {
        failed();
    }
}

function failed() {
    last = ""; // tried again at the next change
    said.textContent = "Chưa lưu được nháp";
}

function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
}

for (const change of ["input", "change", "filled"]) form?.addEventListener(change, later);
document.addEventListener("visibilitychange", () => {
    if (form && timer && document.visibilityState === "hidden") save({ keepalive: true });
});
// What is sent needs no draft; a refused form comes back as a new page.
form?.addEventListener("submit", () => {
    clearTimeout(timer);
    over = true;
});
addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
