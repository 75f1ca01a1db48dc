// Find a unit in a long list; the list works without it.
(function () {
  "use strict";
  var find = document.querySelector("[data-wp-find]");
  if (!find) { return; }
  find.hidden = false;
  find.querySelector("input").addEventListener("input", function (event) {
    var wanted = event.target.value.trim();
    document.querySelectorAll("[data-wp-unit]").forEach(function (row) {
      row.hidden = wanted !== "" && row.getAttribute("data-wp-unit").indexOf(wanted) < 0 && !row.querySelector("input:checked");
    });
  });
  find.querySelector("input").addEventListener("keydown", function (event) {
    if (event.key === "Enter") { event.preventDefault(); }
  });
})();
