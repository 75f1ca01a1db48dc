// Drawing what is to be redacted on the pictures of pages. The numbers in the rows say what goes; boxes only show and
// change them. Without this script the rows are filled in by hand.
(function () {
  "use strict";
  var form = document.querySelector("[data-foi-redact]");
  if (!form) return;
  var SIDES = ["left", "top", "right", "bottom"];
  var STEP = 0.5, LEAST = 0.4;
  var told = form.querySelector("[data-foi-told]");
  var boxes = new Map();

  form.querySelectorAll("[data-foi-scripted]").forEach(function (one) { one.hidden = false; });

  function field(row, name) { return row.querySelector("[name$='-" + name + "']"); }
  function number(row, name) {
    var value = field(row, name).value.trim();
    return value === "" || isNaN(Number(value)) ? null : Number(value);
  }
  function round(value) { return Math.round(Math.min(100, Math.max(0, value)) * 10) / 10; }
  function page(of) { return form.querySelector("[data-foi-page='" + of + "'] [data-foi-sheet]"); }

  // Rows
  function rows(kind) { return form.querySelector("[data-foi-rows='" + kind + "']"); }
  function add(kind) {
    var total = form.querySelector("[name='" + kind + "-TOTAL_FORMS']");
    var at = Number(total.value);
    var made = document.createElement("div");
    made.innerHTML = form.querySelector("[data-foi-blank='" + kind + "']").innerHTML.replace(/__prefix__/g, String(at));
    var row = made.firstElementChild;
    rows(kind).appendChild(row);
    total.value = String(at + 1);
    ready(row);
    return row;
  }
  function empty(kind) {
    var names = kind === "term" ? ["text"] : ["page"].concat(SIDES);
    return Array.prototype.find.call(rows(kind).children, function (row) {
      return names.every(function (name) { return field(row, name).value.trim() === ""; });
    });
  }
  function clear(row) {
    row.querySelectorAll("input, select").forEach(function (one) { one.value = ""; });
    show(row);
    row.hidden = true;
  }
  function ready(row) {
    var drop = row.querySelector("[data-foi-drop]");
    drop.hidden = false;
    drop.addEventListener("click", function () {
      var before = row.previousElementSibling;
      clear(row);
      var next = before && !before.hidden ? before : form.querySelector("[data-foi-more]");
      (next.querySelector ? next.querySelector("input") || next : next).focus();
    });
    if (row.dataset.foiRow === "region") {
      row.addEventListener("input", function () { show(row); });
      show(row);
    }
  }

  // Boxes
  function show(row) {
    if (row.dataset.foiRow !== "region") return;
    var box = boxes.get(row);
    var sheet = page(number(row, "page"));
    var sides = SIDES.map(function (side) { return number(row, side); });
    var whole = sheet && sides.every(function (side) { return side !== null; }) && sides[0] < sides[2] && sides[1] < sides[3];
    if (!whole) {
      if (box) box.remove();
      boxes.delete(row);
      return;
    }
    if (!box) {
      box = document.createElement("button");
      box.type = "button";
      box.className = "foi-box";
      boxes.set(row, box);
      hold(box, row);
    }
    if (box.parentNode !== sheet) sheet.appendChild(box);
    box.style.left = sides[0] + "%";
    box.style.top = sides[1] + "%";
    box.style.width = sides[2] - sides[0] + "%";
    box.style.height = sides[3] - sides[1] + "%";
    box.setAttribute("aria-label", "第 " + number(row, "page") + " 页的区域：左 " + sides[0] + "，上 " + sides[1] + "，右 " + sides[2] + "，下 " + sides[3] + "（百分比）。方向键移动，Shift 加方向键改大小，Delete 删去，回车填写依据。");
  }
  function write(row, sides) {
    SIDES.forEach(function (side, at) { field(row, side).value = String(round(sides[at])); });
    show(row);
  }
  function region(of, sides) {
    var row = empty("region") || add("region");
    row.hidden = false;
    field(row, "page").value = String(of);
    write(row, sides);
    return row;
  }
  function moved(sides, across, down, sizes) {
    var width = sides[2] - sides[0], height = sides[3] - sides[1];
    if (sizes) {
      return [sides[0], sides[1], Math.max(sides[0] + LEAST, sides[2] + across), Math.max(sides[1] + LEAST, sides[3] + down)];
    }
    var left = Math.min(100 - width, Math.max(0, sides[0] + across)), top = Math.min(100 - height, Math.max(0, sides[1] + down));
    return [left, top, left + width, top + height];
  }
  function hold(box, row) {
    var keys = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    box.addEventListener("keydown", function (event) {
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        var figure = box.closest("[data-foi-page]");
        clear(row);
        figure.querySelector("[data-foi-add]").focus();
        return;
      }
      var way = keys[event.key];
      if (!way) return;
      event.preventDefault();
      write(row, moved(SIDES.map(function (side) { return number(row, side); }), way[0], way[1], event.shiftKey));
    });
    box.addEventListener("focus", function () { row.classList.add("foi-mark--now"); });
    box.addEventListener("blur", function () { row.classList.remove("foi-mark--now"); });
    box.addEventListener("click", function () {
      row.scrollIntoView({ block: "nearest" });
      field(row, "ground").focus({ preventScroll: true });
    });
  }

  // Drawing
  function at(sheet, event) {
    var frame = sheet.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width * 100, (event.clientY - frame.top) / frame.height * 100];
  }
  form.querySelectorAll("[data-foi-page]").forEach(function (figure) {
    var sheet = figure.querySelector("[data-foi-sheet]"), button = figure.querySelector("[data-foi-add]");
    var from = null, ghost = null;
    sheet.classList.add("foi-sheet--live");
    button.hidden = false;
    button.addEventListener("click", function () {
      var row = region(figure.dataset.foiPage, [35, 45, 65, 50]);
      boxes.get(row).focus();
    });
    function drawn(event) {
      var to = at(sheet, event);
      return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])].map(round);
    }
    sheet.addEventListener("pointerdown", function (event) {
      if (event.button || event.pointerType === "touch" || event.target.closest(".foi-box")) return;
      event.preventDefault();
      from = at(sheet, event);
      ghost = document.createElement("div");
      ghost.className = "foi-box foi-box--new";
      sheet.appendChild(ghost);
      sheet.setPointerCapture(event.pointerId);
    });
    sheet.addEventListener("pointermove", function (event) {
      if (!ghost) return;
      var sides = drawn(event);
      ghost.style.left = sides[0] + "%";
      ghost.style.top = sides[1] + "%";
      ghost.style.width = sides[2] - sides[0] + "%";
      ghost.style.height = sides[3] - sides[1] + "%";
    });
    function stop() { if (ghost) ghost.remove(); ghost = null; from = null; }
    sheet.addEventListener("pointerup", function (event) {
      if (!ghost) return;
      var sides = drawn(event);
      stop();
      if (sides[2] - sides[0] < LEAST || sides[3] - sides[1] < LEAST) return;
      boxes.get(region(figure.dataset.foiPage, sides)).focus({ preventScroll: true });
    });
    sheet.addEventListener("pointercancel", stop);
  });

  // Finding
  var typed = form.querySelector("[data-foi-term]"), keep = form.querySelector("[data-foi-keep]");
  function find(terms) {
    if (!terms.length) { told.textContent = "请先写要查找的词语。"; return; }
    var body = new FormData();
    terms.forEach(function (term) { body.append("term", term); });
    told.textContent = "正在查找…";
    fetch(form.dataset.find, {
      method: "POST", body: body, credentials: "same-origin",
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value }
    }).then(function (answer) { return answer.json(); }).then(function (answer) {
      form.querySelectorAll(".foi-found").forEach(function (one) { one.remove(); });
      if (answer.told) { told.textContent = answer.told.join(""); return; }
      var pages = Object.keys(answer.places);
      pages.forEach(function (of) {
        answer.places[of].forEach(function (box) {
          var mark = document.createElement("div");
          mark.className = "foi-found";
          mark.style.left = box[0] * 100 + "%";
          mark.style.top = box[1] * 100 + "%";
          mark.style.width = (box[2] - box[0]) * 100 + "%";
          mark.style.height = (box[3] - box[1]) * 100 + "%";
          page(of).appendChild(mark);
        });
      });
      told.textContent = answer.count ? "找到 " + answer.count + " 处，在第 " + pages.join("、") + " 页，已用虚线框标出。" : "没有找到。扫描页没有可读的文字，请画框。";
      if (pages.length) page(pages[0]).scrollIntoView({ block: "nearest" });
    }).catch(function () { told.textContent = "没有查成，请再试一次。"; });
  }
  if (typed) {
    form.querySelector("[data-foi-find]").addEventListener("click", function () { find(typed.value.trim() ? [typed.value.trim()] : []); keep.hidden = !typed.value.trim(); });
    form.querySelector("[data-foi-find-all]").addEventListener("click", function () {
      find(Array.prototype.map.call(rows("term").children, function (row) { return field(row, "text").value.trim(); }).filter(Boolean));
    });
    typed.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.querySelector("[data-foi-find]").click();
    });
    keep.addEventListener("click", function () {
      var row = empty("term") || add("term");
      row.hidden = false;
      field(row, "text").value = typed.value.trim();
      typed.value = "";
      keep.hidden = true;
      field(row, "ground").focus();
    });
  }

  form.querySelectorAll("[data-foi-more]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { field(add(button.dataset.foiMore), "text").focus(); });
  });
  form.querySelectorAll("[data-foi-row]").forEach(ready);
})();
