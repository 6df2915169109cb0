// Small behaviours, each found by its data attribute; they survive htmx swaps.
import "./disclosure.js";
import "./announce.js";
import "./once.js";
import "./shown.js";
import "./offline/presence.js";

document.documentElement.classList.add("js");
