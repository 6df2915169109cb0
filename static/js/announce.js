// After a swap: say what [data-announce] says, and lead the keyboard to the first error.
document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    const news = target.querySelector?.("[data-announce]");
    if (news) document.getElementById("announcement").textContent = news.dataset.announce;
    if (event.detail.xhr.status === 422) {
        target.querySelector("[aria-invalid=true], [role=alert]")?.focus();
    }
});

// A failed request must not look like nothing happened.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
        // The bar of the intake screen says already that the network is gone.
        if (!navigator.onLine && document.querySelector("form[data-queue-url]")) return;
        const box = document.getElementById("messages");
        const words = event.detail?.xhr?.status === 401
            ? "Phiên làm việc đã hết. Xin đăng nhập lại ở một thẻ khác rồi tải lại trang này."
            : "Không thực hiện được. Xin kiểm tra kết nối rồi thử lại.";
        if (box) {
            const alert = document.createElement("div");
            alert.className = "alert alert-danger";
            alert.textContent = words;
            box.replaceChildren(alert);
        }
    });
}
