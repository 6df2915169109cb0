// <form data-once>: a second click sends nothing (the server would find the first one anyway).
document.addEventListener("submit", (event) => {
    const form = event.target;
    // What opens in another tab leaves this page as it is.
    if (!form.matches("form[data-once]") || event.submitter?.formTarget === "_blank") return;
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
});

// Back to a page of the history: its forms may be sent again.
addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) {
        delete form.dataset.sent;
        for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
});
