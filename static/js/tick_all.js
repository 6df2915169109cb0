// <input type="checkbox" data-ticks="NAME">: ticks every checkbox of that name on the page.
document.addEventListener("change", (event) => {
    const name = event.target.dataset?.ticks;
    if (!name) return;
    for (const box of document.querySelectorAll(`input[type=checkbox][name="${name}"]`)) box.checked = event.target.checked;
});
