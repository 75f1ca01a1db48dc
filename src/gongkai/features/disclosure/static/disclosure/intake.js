// Dropping files on their box, and telling which were chosen; without JavaScript the box itself does.
(function () {
  "use strict";
  document.querySelectorAll("[data-in-drop]").forEach(function (area) {
    var input = area.querySelector("input[type=file]");
    var told = area.querySelector("[data-in-chosen]");
    if (!input) return;
    function tell() {
      var names = Array.prototype.map.call(input.files, function (file) { return file.name; });
      told.textContent = names.length ? "已选 " + names.length + " 个文件：" + names.slice(0, 10).join("、") + (names.length > 10 ? " 等" : "") : "";
    }
    input.addEventListener("change", tell);
    ["dragenter", "dragover"].forEach(function (kind) {
      area.addEventListener(kind, function (event) { event.preventDefault(); area.classList.add("in-drop--over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      area.addEventListener(kind, function () { area.classList.remove("in-drop--over"); });
    });
    area.addEventListener("drop", function (event) {
      event.preventDefault();
      if (!event.dataTransfer || !event.dataTransfer.files.length) return;
      if (!input.multiple && event.dataTransfer.files.length > 1) { told.textContent = "这里只能放一个文件。"; return; }
      input.files = event.dataTransfer.files;
      tell();
    });
  });
})();
