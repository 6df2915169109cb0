// <button data-discloses="ID" aria-expanded="false">: opens and closes the element ID.
document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-discloses]");
    if (!button) return;
    const target = document.getElementById(button.dataset.discloses);
    const open = target.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
});

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.app-user[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
    }
});
