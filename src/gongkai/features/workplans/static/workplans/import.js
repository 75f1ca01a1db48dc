// The correction screen without reloading so often; everything works without it.
(function () {
  "use strict";
  var form = document.getElementById("import");
  if (!form) { return; }

  // Open all cards, none, or those with remarks.
  var tools = document.querySelector("[data-wp-tools]");
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", function (event) {
      var wanted = event.target.getAttribute("data-wp-open");
      if (!wanted) { return; }
      form.querySelectorAll("[data-wp-card]").forEach(function (card) {
        card.open = wanted === "all" || (wanted === "problems" && card.hasAttribute("data-wp-flagged"));
      });
    });
  }

  // A link to something inside a closed card opens the card.
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !form.contains(target)) { return; }
    for (var at = target; at && at !== form; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
    }
    target.scrollIntoView({ block: "nearest" });
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();

  // The source beside the card that is being worked on.
  form.addEventListener("focusin", function (event) {
    var card = event.target.closest("[data-wp-card]");
    var link = card && card.querySelector("a[href^='#src-']");
    var block = link && document.getElementById(link.getAttribute("href").slice(1));
    form.querySelectorAll(".wp-source__block--here").forEach(function (one) { one.classList.remove("wp-source__block--here"); });
    if (block) {
      block.classList.add("wp-source__block--here");
      var pane = block.closest(".wp-source");
      pane.scrollTop += block.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 4;
    }
  });

  // The fields of another or a new unit appear when they are wanted.
  form.addEventListener("change", function (event) {
    if (!event.target.matches("[data-wp-decision]")) { return; }
    var more = event.target.closest(".wp-phrase").querySelector("[data-wp-more]");
    if (more) { more.open = event.target.value === "other" || event.target.value === "create"; }
  });

  // Nothing typed is lost by a slip.
  var changed = false;
  form.addEventListener("input", function () { changed = true; });
  form.addEventListener("submit", function () { changed = false; });
  window.addEventListener("beforeunload", function (event) { if (changed) { event.preventDefault(); } });
})();
