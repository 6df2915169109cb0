// <div data-shown-by="ID of a checkbox">: shown while it is ticked; without JavaScript always.
function show(box) {
    const ticked = document.getElementById(box.dataset.shownBy)?.checked;
    box.hidden = !ticked;
}

function showAll() {
    for (const box of document.querySelectorAll("[data-shown-by]")) show(box);
}

document.addEventListener("change", showAll);
document.addEventListener("htmx:afterSwap", showAll);
showAll();

// A form that came back with errors: to the first of them.
document.querySelector("form [aria-invalid=true]")?.focus();
