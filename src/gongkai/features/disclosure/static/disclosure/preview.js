// The preview: a page of a chosen width is drawn smaller where its frame is narrower. Without this the frame scrolls.
(function () {
  "use strict";

  var SMALLEST = 0.4;  // below this nobody reads anything: then the frame scrolls in its own box
  document.querySelectorAll("[data-rl-frame]").forEach(function (frame) {
    var page = frame.querySelector("iframe");
    var wide = Number(page.getAttribute("width")), high = Number(page.getAttribute("height"));
    function fit() {
      var scale = Math.min(1, Math.max(SMALLEST, frame.clientWidth / wide));
      page.style.transform = "scale(" + scale + ")";
      page.style.height = high / scale + "px";
      // What is scaled keeps its place in the layout: the part it no longer fills is taken away.
      page.style.marginRight = scale < 1 ? wide * scale - wide + "px" : "";
      page.style.marginBottom = high - high / scale + "px";
      frame.classList.toggle("rl-frame--small", scale < 1);
    }
    new ResizeObserver(fit).observe(frame);
    fit();
  });
})();
