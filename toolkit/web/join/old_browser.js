// For a browser that cannot run the page: it gets a sentence and a way forward, instead of waiting for ever.
// Written in the JavaScript of 2009, so that every browser reads it. The page itself needs what eslint.config.js names.
(function () {
  "use strict";
  var PATIENCE = 20000; // a slow phone in a full room needs a while
  var lost = false;

  function hasStarted() {
    return document.documentElement.hasAttribute("data-started");
  }

  function show(lines) {
    var main = document.getElementById("main");
    if (hasStarted() || !main) return;
    main.innerText = "";
    for (var n = 0; n < lines.length; n += 1) {
      var line = document.createElement(n ? "p" : "h1");
      line.appendChild(document.createTextNode(lines[n]));
      main.appendChild(line);
    }
  }

  function tooOld() {
    show([
      "This browser is too old for this page",
      "Update it, or open the address in another browser: Safari 15, Chrome 90, Firefox 90, or newer.",
      "Or share a colleague's phone, or ask the facilitator for a paper worksheet."
    ]);
  }

  function incomplete() {
    show([
      "This page did not load completely",
      "Check that this device is on the Wi-Fi of the room, then load the page again."
    ]);
  }

  // A file that did not come is no fault of the browser; what it cannot read is.
  window.addEventListener(
    "error",
    function (event) {
      var from = event.target;
      if (from && from !== window && /^(SCRIPT|LINK)$/.test(from.tagName || "")) lost = true;
      else tooOld();
    },
    true
  );

  window.addEventListener("load", function () {
    setTimeout(function () {
      if (lost) incomplete();
      else tooOld();
    }, 0);
  });

  setTimeout(function () {
    if (document.readyState !== "complete") incomplete();
  }, PATIENCE);
})();
