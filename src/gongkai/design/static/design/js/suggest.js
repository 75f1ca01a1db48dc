// Titles offered while somebody types into a search field. Without this the field is a field like any other.
(function () {
  "use strict";

  var WAIT = 180;

  document.querySelectorAll("input[data-gk-suggest]").forEach(function (input, number) {
    var form = input.form;
    var list = document.createElement("ul");
    var timer = 0;
    var asked = "";
    var chosen = -1;
    list.className = "gk-suggest";
    list.id = "gk-suggest-" + number;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "检索建议");
    input.parentNode.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    var options = function () { return list.querySelectorAll("[role=option]"); };
    var close = function () {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    var mark = function (next) {
      var all = options();
      if (!all.length) { return; }
      chosen = (next + all.length) % all.length;
      all.forEach(function (option, at) { option.setAttribute("aria-selected", at === chosen ? "true" : "false"); });
      input.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    };
    var take = function (option) {
      input.value = option.textContent;
      close();
      form.requestSubmit ? form.requestSubmit() : form.submit();
    };
    var show = function (titles) {
      list.textContent = "";
      titles.forEach(function (title, at) {
        var option = document.createElement("li");
        option.className = "gk-suggest__option";
        option.id = list.id + "-" + at;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = title;
        option.addEventListener("mousedown", function (event) { event.preventDefault(); take(option); });
        list.appendChild(option);
      });
      chosen = -1;
      list.hidden = titles.length === 0;
      input.setAttribute("aria-expanded", titles.length ? "true" : "false");
    };
    var ask = function () {
      var text = input.value.trim();
      if (text === asked) { return; }
      asked = text;
      if (text.length < 2) { close(); return; }
      fetch(input.dataset.gkSuggest + "?q=" + encodeURIComponent(text.slice(0, 120)), { headers: { Accept: "application/json" } })
        .then(function (response) { return response.ok ? response.json() : { suggestions: [] }; })
        .then(function (found) {
          if (asked === text && document.activeElement === input) { show(found.suggestions); }
        })
        .catch(close);
    };

    input.addEventListener("input", function (event) {
      if (event.isComposing) { return; }
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener("compositionend", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", function (event) {
      if (list.hidden) { return; }
      if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen < 0 ? -1 : chosen - 1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(options()[chosen]); }
    });
    input.addEventListener("blur", function () { window.setTimeout(close, 120); });
  });
})();
