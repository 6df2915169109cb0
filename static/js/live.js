// [data-live]: asks again every half minute while somebody can see the page, and when he is back.
const EVERY = 30_000;
let asked = 0;

function ask() {
    if (document.hidden || Date.now() - asked < EVERY - 1000) return;
    asked = Date.now();
    for (const each of document.querySelectorAll("[data-live]")) htmx.trigger(each, "live");
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
if (document.readyState === "complete") ask();
else addEventListener("load", ask);
