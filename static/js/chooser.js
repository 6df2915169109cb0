// The list of procedures by keyboard: arrows from the search field, Enter opens, Alt+1–9 jump.
const search = document.getElementById("id_q");
const links = () => [...document.querySelectorAll("#procedures .app-choice")];

function step(event, by) {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (at < 0 && (document.activeElement !== search || by < 0)) return;
    event.preventDefault();
    const next = at + by;
    if (next < 0) search.focus();
    else all[Math.min(next, all.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") step(event, 1);
    if (event.key === "ArrowUp") step(event, -1);
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (digit && (event.altKey || !event.target.matches("input, textarea, select"))) {
        event.preventDefault();
        links()[digit - 1]?.click();
    }
    // The list is that of these very words: Enter opens its first procedure.
    const shown = document.querySelector("#procedures [data-q]")?.dataset.q;
    if (event.key === "Enter" && event.target === search && search.value && shown === search.value.trim()) {
        event.preventDefault();
        links()[0]?.click();
    }
});
