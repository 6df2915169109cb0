// <form data-selection="ADDRESS">: dossiers chosen on several pages of one list stay chosen.
const KEY = "selection";

function read(address) {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return kept.address === address ? new Set(kept.ids) : new Set();
}

function boxes() {
    return [...document.querySelectorAll("input[name=chosen][form=bulk]")];
}

function refresh(form, ids) {
    const here = boxes();
    const ofPage = new Set(here.map((box) => box.value));
    form.elements.more.value = [...ids].filter((id) => !ofPage.has(id)).join(",");
    const page = form.querySelector("[data-page]");
    page.closest("label").hidden = false;
    page.checked = here.length > 0 && here.every((box) => box.checked);
    page.indeterminate = !page.checked && here.some((box) => box.checked);
    const words = ids.size ? `Đã chọn ${ids.size} hồ sơ` : "";
    const told = form.querySelector("[data-chosen]");
    if (told.textContent !== words) told.textContent = words;
}

function begin() {
    const form = document.querySelector("form[data-selection]");
    if (!form) return;
    const ids = read(form.dataset.selection);
    for (const box of boxes()) box.checked = ids.has(box.value);
    refresh(form, ids);
}

document.addEventListener("change", (event) => {
    const form = document.querySelector("form[data-selection]");
    if (!form || !event.target.matches("input[name=chosen], [data-page]")) return;
    const ids = read(form.dataset.selection);
    if (event.target.matches("[data-page]")) {
        for (const box of boxes()) box.checked = event.target.checked;
    }
    for (const box of boxes()) {
        if (box.checked) ids.add(box.value);
        else ids.delete(box.value);
    }
    sessionStorage.setItem(KEY, JSON.stringify({ address: form.dataset.selection, ids: [...ids] }));
    refresh(form, ids);
});

document.addEventListener("htmx:afterSwap", begin);
addEventListener("pageshow", begin);
if (document.querySelector("[data-forget-selection]")) sessionStorage.removeItem(KEY);
begin();
