// Service worker, the intake forms: kept clean, opened as another intake each time, and watched
// over while one is submitted. Loaded before worker.js.
const FORMS = "motcua-forms";
const DOWN = [502, 503, 504];
// Pages that a submitted form led to, for the navigation that asks for them in a moment.
const landed = new Map();
// What names persons on the page of a form (own drafts) is not kept with it.
const PERSONAL = /<section[^>]*data-not-kept[\s\S]*?<\/section>/g;

// A page asks to keep these forms: those that this counter takes most.
self.addEventListener("message", (event) => event.waitUntil((async () => {
    for (const url of event.data.keep ?? []) {
        const answer = await fetch(url);
        if (answer.ok && !answer.redirected) await keepForm(new URL(url, location.href), answer);
    }
})()));

// Only as whoever is signed in keeps forms at all: the cache is made at sign-in, gone at sign-out.
async function keepForm(url, answer) {
    const text = await answer.text();
    if (!text.includes("data-queue-url") || !(await caches.has(FORMS))) return;
    const clean = new Response(text.replace(PERSONAL, ""), { headers: answer.headers });
    await (await caches.open(FORMS)).put(url.pathname, clean);
}

// A kept form is another intake each time it is opened.
async function used(copy) {
    const text = (await copy.text()).replace(/(name="intake_key" value=")[^"]*/, `$1${crypto.randomUUID()}`);
    return new Response(text, { headers: copy.headers });
}

// A form on its way: where it led is told to the page there; without an answer the queue has it.
async function submitted(request) {
    const key = (await request.clone().formData()).get("intake_key");
    try {
        const answer = await fetch(new Request(request, { redirect: "follow" }));
        if (DOWN.includes(answer.status)) throw new TypeError("the server is down");
        if (!answer.redirected) return answer;
        landed.set(answer.url, new Response(await answer.blob(), { status: answer.status, headers: answer.headers }));
        const done = new URL(answer.url).pathname.startsWith("/accounts/") ? "" : `#da-gui=${key}`;
        return Response.redirect(answer.url + done, 303);
    } catch {
        return Response.redirect(`/tiep-nhan/hang-doi/#giay=${key}`, 303);
    }
}
