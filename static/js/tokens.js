// <button data-token="…">: puts the text where the caret last was in a [data-takes-tokens] field.
let last = null;
document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-takes-tokens]")) last = event.target;
});
document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-token]");
    if (!button) return;
    const field = last ?? document.querySelector("[data-takes-tokens]");
    field.setRangeText(button.dataset.token, field.selectionStart, field.selectionEnd, "end");
    field.focus();
});

// Leaving with unsaved text asks first.
const form = document.getElementById("narrative");
let changed = false;
form?.addEventListener("input", () => { changed = true; });
form?.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
