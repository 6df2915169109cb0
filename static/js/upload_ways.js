// Ways into an upload box besides choosing: dropping a file on it, pasting into it.
// A form with a file on its way waits for it.
const chosen = (box, files) => {
    if (!files?.length) return false;
    const input = box.querySelector("input[type=file]");
    const carried = new DataTransfer();
    carried.items.add(files[0]);
    input.files = carried.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
};

for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
        const box = event.target.closest?.("[data-upload]");
        if (!box) return;
        event.preventDefault();
        box.classList.toggle("app-upload-over", name === "dragover");
        if (name === "drop") chosen(box, event.dataTransfer.files);
    });
}

document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("[data-upload]");
    if (box && chosen(box, event.clipboardData.files)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
    const busy = event.target.querySelector("[data-upload][aria-busy]");
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    busy.querySelector("[data-upload-said]").textContent = "Tệp đang tải lên: xin chờ rồi gửi lại.";
    busy.scrollIntoView({ block: "center" });
}, true);
