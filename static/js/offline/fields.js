// What stands in an intake form: read for the queue, shown on the provisional receipt, filled anew.
const OURS = new Set(["csrfmiddlewaretoken"]);

export function read(form, submitter) {
    const given = [...new FormData(form, submitter).entries()];
    return given.filter(([name, value]) => typeof value === "string" && !OURS.has(name));
}

const value = (form, name) => form.elements[name]?.value?.trim() ?? "";
const text = (element) => element?.innerText?.replace(/\s+/g, " ").trim() ?? "";

// For people: the words of the screen, kept because the form may look otherwise later.
export function shown(form) {
    const agency = form.elements.agency;
    return {
        procedure: `${form.dataset.procedureName} (${form.dataset.procedureCode})`,
        agency: agency?.selectedOptions ? text(agency.selectedOptions[0]) : (form.dataset.agencyName ?? ""),
        holder: value(form, "holder-name"),
        address: value(form, "holder-address"),
        phone: masked(value(form, "holder-phone")),
        papers: papers(form),
        clerk: text(document.querySelector(".app-user > summary")),
    };
}

// As on the official receipt: a paper that is lost tells nobody.
const masked = (number) => (number.length < 9 ? "•".repeat(number.length) : `${number.slice(0, 4)}${"•".repeat(number.length - 7)}${number.slice(-3)}`);

function papers(form) {
    const listed = [...form.querySelectorAll("input[type=checkbox][name^=component_]:checked")].map((box) => {
        const kind = form.elements[`${box.name}_form`]?.selectedOptions?.[0]?.text;
        const number = value(form, `${box.name}_quantity`);
        return [nameOf(box), [number, kind?.toLowerCase()].filter(Boolean).join(" ")].filter(Boolean).join(": ");
    });
    return [...listed, ...value(form, "others").split("\n").map((line) => line.trim()).filter(Boolean)];
}

const nameOf = (box) => box.dataset.paper ?? text(box.labels[0]?.querySelector("[data-paper]") ?? box.labels[0]);

// What the server would refuse at once, said while the citizen still stands there.
export function complete(form) {
    for (const box of form.querySelectorAll(".app-paper[data-required] > label input[type=checkbox]")) {
        box.setCustomValidity(box.checked ? "" : "Giấy tờ bắt buộc, chưa nộp.");
    }
    const wrong = [...form.elements].find((each) => each.willValidate && each.checkVisibility() && !each.checkValidity());
    wrong?.reportValidity();
    return !wrong;
}

export function fill(form, given) {
    const of = new Map();
    for (const [name, said] of given) of.set(name, [...(of.get(name) ?? []), said]);
    for (const element of form.elements) {
        if (!element.name || OURS.has(element.name) || element.type === "file") continue;
        const said = of.get(element.name);
        if (["checkbox", "radio"].includes(element.type)) element.checked = said?.includes(element.value) ?? false;
        else if (said) element.value = said[0];
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
}
