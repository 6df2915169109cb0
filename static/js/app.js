// Small behaviours, each found by its data attribute; they survive htmx swaps.
import "./disclosure.js";
import "./announce.js";
import "./once.js";
import "./preview.js";
import "./print.js";
import "./shown.js";
import "./steps.js";
import "./live.js";
import "./selection.js";
import "./scan.js";
import "./signature.js";
import "./upload.js";
import "./upload_ways.js";
import "./reuse.js";
import "./offline/presence.js";
import "./tick_all.js";

document.documentElement.classList.add("js");
