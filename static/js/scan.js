// <button data-scan="ID of a field" hidden>: the camera reads a QR code or Code 128 into the field.
const KINDS = ["qr_code", "code_128"];

async function scan(field) {
    const dialog = document.createElement("dialog");
    dialog.className = "app-scan";
    dialog.setAttribute("aria-label", "Quét mã trên giấy tiếp nhận");
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    const close = document.createElement("button");
    close.className = "btn";
    close.textContent = "Đóng";
    close.addEventListener("click", () => dialog.close());
    dialog.append(video, close);
    document.body.append(dialog);
    const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    dialog.addEventListener("close", () => {
        for (const track of camera.getTracks()) track.stop();
        dialog.remove();
    });
    dialog.showModal();
    video.srcObject = camera;
    await video.play();
    const detector = new BarcodeDetector({ formats: KINDS });
    while (dialog.open) {
        const [found] = await detector.detect(video);
        if (found) {
            dialog.close();
            field.value = found.rawValue;
            field.form.requestSubmit();
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 150));
    }
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
    for (const button of document.querySelectorAll("[data-scan]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            scan(document.getElementById(button.dataset.scan)).catch(() => {
                document.querySelector("dialog.app-scan")?.remove();
                document.getElementById("announcement").textContent = "Không mở được máy ảnh.";
            });
        });
    }
}
