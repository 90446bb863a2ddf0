// Loads the page anew when its files have changed; only pages served on this machine ask for it.
"use strict";
const seen = new URL(document.currentScript.src).searchParams.get("seen");
new EventSource("/events?seen=" + encodeURIComponent(seen)).onmessage = () => location.reload();
