// <form data-print>: the paper goes to a hidden frame and to the printer at once; without scripts
// it opens in a tab. Each click is a print of its own, a double click is one.
const name = "print-frame";

function frame() {
    const found = document.querySelector(`iframe[name="${name}"]`);
    if (found) return found;
    const made = document.createElement("iframe");
    made.name = name;
    made.title = "Bản in";
    made.className = "app-print-frame";
    made.setAttribute("aria-hidden", "true");
    made.tabIndex = -1;
    document.body.append(made);
    return made;
}

function isPaper(target) {
    try {
        return target.contentDocument?.contentType !== "text/html";
    } catch {
        return true; // some browsers keep their PDF viewer to themselves
    }
}

function print(target) {
    if (!isPaper(target)) {
        location.reload(); // signed out meanwhile, or refused: the page says why
        return;
    }
    try {
        target.contentWindow.focus();
        target.contentWindow.print();
    } catch {
        open(target.contentWindow.location.href, "_blank");
    }
}

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-print]") || !navigator.pdfViewerEnabled) return;
    if (form.dataset.printing) {
        event.preventDefault();
        return;
    }
    const target = frame();
    form.target = name;
    form.dataset.printing = "1";
    target.onload = () => {
        delete form.dataset.printing;
        form.elements.request_id.value = crypto.randomUUID?.() ?? "";
        if (target.contentWindow.location.href !== "about:blank") print(target);
    };
});
