// <form data-preview>: after a change the sample beside the form is made again.
let waiting;

function show(form) {
    const button = form.querySelector("[data-shows-preview]");
    if (button && form.checkValidity()) form.requestSubmit(button);
}

document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-preview]");
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(form), 400);
});
