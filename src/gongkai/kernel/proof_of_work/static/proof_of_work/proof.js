// Does the work for a form in the background; where that does not succeed, the sum stays there to be answered.
"use strict";

(function () {
  function start(field) {
    var asked = JSON.parse(field.dataset.gkProof);
    var form = field.form;
    var answer = form.querySelector("[data-gk-proof-answer]");
    var row = answer && answer.closest(".gk-field");
    var failed = answer && answer.getAttribute("aria-invalid") === "true";
    var pressed = null;
    var done = false;
    var worker;
    try {
      worker = new Worker(field.dataset.gkProofWorker);
    } catch (error) {
      return;
    }
    if (row && !failed) row.hidden = true;

    function finish(number) {
      done = true;
      worker.terminate();
      if (number < 0) {
        if (row) row.hidden = false;
      } else {
        field.value = btoa(JSON.stringify({
          algorithm: asked.algorithm, challenge: asked.challenge, number: number, salt: asked.salt,
          signature: asked.signature,
        }));
      }
      if (pressed !== null) {
        var button = pressed;
        pressed = null;
        form.requestSubmit(button || undefined);
      }
    }

    worker.onmessage = function (event) { finish(event.data.number); };
    worker.onerror = function () { finish(-1); };
    worker.postMessage(asked);
    form.addEventListener("submit", function (event) {
      if (done || (answer && answer.value)) return;
      event.preventDefault(); // it goes by itself when the work is done
      pressed = event.submitter || false;
    });
  }

  document.querySelectorAll("[data-gk-proof]").forEach(start);
})();
