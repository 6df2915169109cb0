// The browser's own store (IndexedDB): "entries" of the queue, "drafts", and the "keys" of whoever
// is signed in. Nothing readable lies here: see sealing.js.
const NAMES = ["entries", "drafts", "keys"];
let opening = null;

function open() {
    opening ??= new Promise((resolve, reject) => {
        const request = indexedDB.open("motcua-offline", 1);
        request.onupgradeneeded = () => {
            for (const name of NAMES) request.result.createObjectStore(name, { keyPath: "id" });
        };
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    return opening;
}

// Waits for the disk: an entry that was confirmed survives a power cut.
async function run(name, mode, ask) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const transaction = database.transaction(name, mode, { durability: "strict" });
        const request = ask(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
    });
}

export const all = (name) => run(name, "readonly", (rows) => rows.getAll());
export const get = (name, id) => run(name, "readonly", (rows) => rows.get(id));
export const put = (name, row) => run(name, "readwrite", (rows) => rows.put(row));
export const remove = (name, id) => run(name, "readwrite", (rows) => rows.delete(id));
export const clear = (name) => run(name, "readwrite", (rows) => rows.clear());
