// The intake form: what a clerk would otherwise do by hand. It works without, only slower.
const form = document.getElementById("intake");
const field = (name) => form.elements[name];
const capacity = () => form.querySelector("[name=capacity]:checked")?.value ?? "own";
function put(input, value) {
    if (!input || input.value === value) return;
    input.value = value;
    input.dispatchEvent(new Event("filled", { bubbles: true }));
}
// Into fields that are empty, or that were filled in for somebody else: never over what was typed.
function fill(who, known) {
    for (const name of ["name", "phone", "email", "address"]) {
        const input = field(`${who}-${name}`);
        if (!known[name] || (input.value && input.value !== input.dataset.filled)) continue;
        input.dataset.filled = known[name];
        put(input, known[name]);
    }
}
document.addEventListener("htmx:afterSwap", (event) => {
    const known = event.detail.target.querySelector?.("[data-fills]");
    if (known) fill(known.dataset.fills, known.dataset);
});
// A card's QR code, read by a scanner into the number: number|old number|name|born|sex|address|…
function scanned(input) {
    const [number, , name, , , address] = input.value.split("|");
    if (address === undefined) return;
    const who = input.name.split("-")[0];
    input.value = number.trim();
    fill(who, { name: name.trim(), address: address.trim() });
    for (const part of ["name", "address"]) delete field(`${who}-${part}`).dataset.filled; // the card knows best
}
function show() {
    const chosen = { capacities: capacity(), channels: field("channel").value };
    for (const [key, value] of Object.entries(chosen)) {
        for (const box of form.querySelectorAll(`[data-${key}]`)) box.hidden = !box.dataset[key].split(" ").includes(value);
    }
}
form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (name === "capacity") {
        field("holder-kind").value = capacity() === "organisation" ? "organisation" : "person";
        if (capacity() === "assisted") field("channel").value = "online";
        else if (field("submitted_at").value === "") field("channel").value = "direct";
    }
    if (event.target.matches("[data-upload-id]") && event.target.value) field(name.replace("_file", "")).checked = true;
    show();
});
// Before htmx looks the number up.
form.addEventListener("change", (event) => event.target.name?.endsWith("-citizen_id") && scanned(event.target), true);
const boxes = () => [...form.querySelectorAll(".app-paper > label input[type=checkbox]")];
const isRequired = (box) => box.closest(".app-paper").hasAttribute("data-required");
form.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use-address]");
    if (use) {
        put(field(`${use.dataset.who}-address`), use.dataset.useAddress);
        field(`${use.dataset.who}-address`).focus();
    }
    if (event.target.closest("[data-tick-all]")) {
        for (const box of boxes().filter(isRequired)) box.checked = true;
        form.dispatchEvent(new Event("change", { bubbles: true }));
    }
});
// What Mẫu 02 asks for: the required papers that are not ticked, until somebody writes otherwise.
form.querySelector("[data-not-accepted]").addEventListener("toggle", () => {
    const items = field("items");
    if (items.value && items.value !== items.dataset.filled) return;
    const lacking = boxes().filter((box) => isRequired(box) && !box.checked);
    items.dataset.filled = items.value = lacking.map((box) => box.closest("label").querySelector("[data-paper]").innerText).join("\n");
});
form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector("[name=outcome]"));
    // A scanner ends with Enter: on to the next field, not off with the form.
    if (event.key === "Enter" && !event.ctrlKey && event.target.matches("[name$=citizen_id], [name$=phone]")) {
        event.preventDefault();
        const all = [...form.querySelectorAll("input:not([type=hidden]), select")].filter((each) => each.checkVisibility());
        all[all.indexOf(event.target) + 1]?.focus();
    }
});
show();
