// <form data-steps>: steps are dragged by their grip into another order; the server moves them.
let dragged = null;

document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-grip]")?.closest("[data-steps] [data-step]") ?? null;
    if (dragged) event.dataTransfer.setDragImage(dragged, 0, 0);
});

document.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-steps] [data-step]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    over.parentNode.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
});

document.addEventListener("dragend", () => {
    if (!dragged) return;
    const form = dragged.closest("form");
    dragged = null;
    const order = [...form.querySelectorAll("[data-step]")].map((step) => step.dataset.step);
    form.elements.order.value = order.join(",");
    form.dispatchEvent(new CustomEvent("reordered"));
});

// htmx sends no button with an event of ours: what is asked for stands in a field.
document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, triggeringEvent } = event.detail;
    if (elt.matches?.("form[data-steps]") && triggeringEvent?.type === "reordered") parameters.do = "order";
});
