// Small conveniences; every page works without them.
(function () {
  "use strict";

  // A tab that is a terminal of a service hall stays one on every page (kiosk.js).
  var own = document.currentScript;
  try {
    if (own && own.dataset.gkKiosk && window.sessionStorage.getItem("gk-kiosk") && !document.body.classList.contains("gk-kiosk")) {
      var style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = own.dataset.gkKioskSheet;
      var script = document.createElement("script");
      script.src = own.dataset.gkKiosk;
      document.head.append(style, script);
    }
  } catch (error) { /* nothing may be stored here: it is no terminal */ }

  // Bring a summary of errors to the reader's attention.
  var summary = document.querySelector("[data-gk-focus]");
  if (summary && summary.classList.contains("gk-error-summary--red")) {
    summary.focus({ preventScroll: false });
  }

  // Choose all rows of a table, and say how many are chosen.
  document.querySelectorAll("[data-gk-bulk]").forEach(function (form) {
    var boxes = function () {
      return Array.prototype.slice.call(form.querySelectorAll("input[type=checkbox][data-gk-bulk-row]"));
    };
    var all = form.querySelector("[data-gk-bulk-all]");
    var count = form.querySelector("[data-gk-bulk-count]");
    var update = function () {
      var chosen = boxes().filter(function (box) {
        var row = box.closest("tr");
        if (row) { row.classList.toggle("gk-table__row--chosen", box.checked); }
        return box.checked;
      }).length;
      if (count) { count.textContent = String(chosen); }
      if (all) {
        all.checked = chosen > 0 && chosen === boxes().length;
        all.indeterminate = chosen > 0 && chosen < boxes().length;
      }
    };
    if (all) {
      all.addEventListener("change", function () {
        boxes().forEach(function (box) { box.checked = all.checked; });
        update();
      });
    }
    form.addEventListener("change", update);
    update();
  });

  // A filter that sends itself when something is chosen.
  document.querySelectorAll("form[data-gk-autosubmit]").forEach(function (form) {
    form.addEventListener("change", function (event) {
      if (event.target.matches("select")) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
    });
  });

  // Print, and open every explanation before printing.
  document.querySelectorAll("[data-gk-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A form sent once is not sent twice.
  document.querySelectorAll("form[data-gk-once]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) return; // another script holds it back and sends it later
      if (form.dataset.gkSent) { event.preventDefault(); return; }
      form.dataset.gkSent = "1";
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-gk-once]").forEach(function (form) { delete form.dataset.gkSent; });
  });
})();
