// The holder's store at the counter (dossiers/files/_store.html).
// [data-reuse="component_7"]: the chosen paper goes into the form's hidden component_7_reused.
document.addEventListener("change", (event) => {
    const select = event.target.closest("[data-reuse]");
    if (select) {
        const form = select.closest("form");
        const hidden = form?.elements[`${select.dataset.reuse}_reused`];
        const tick = form?.elements[select.dataset.reuse];
        if (hidden) {
            hidden.value = select.value;
            hidden.dispatchEvent(new Event("change", { bubbles: true }));
        }
        if (tick && select.value && !tick.checked) tick.click();
    }
    if (event.target.matches("[data-store-present]")) {
        const box = event.target.closest(".app-store");
        for (const button of box.querySelectorAll("[data-store-look]")) button.disabled = !event.target.checked;
    }
});

// The look is a POST (it is kept) in a tab of its own; it cannot be a form within the form.
document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-store-look]");
    if (!button) return;
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: button.dataset.storeLook, target: "_blank" });
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    for (const [name, value] of [["csrfmiddlewaretoken", token], ["present", "on"]]) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
    form.remove();
});
