// The editor of an item: names for the text boxes, autosave, who else is here, previews of tables. The page works without.
(function () {
  "use strict";

  // Writers here want to see the buttons; whoever lets the bar go keeps it that way.
  try {
    if (!localStorage.getItem("wagtail:draftail-toolbar")) { localStorage.setItem("wagtail:draftail-toolbar", "sticky"); }
  } catch (error) { /* no storage, no bar */ }

  var form = document.querySelector("form[data-dc-editor]");
  if (!form) { return; }
  var state = form.querySelector("[data-dc-saved]");
  var version = form.querySelector("input[name=draft_version]");
  var token = form.querySelector("input[name=csrfmiddlewaretoken]").value;

  // --- Rich text boxes get a name for screen readers and for the live check; Draftail gives them none. ---------------
  var named = 0;
  function nameBoxes() {
    form.querySelectorAll(".public-DraftEditor-content:not([data-gk-check-key])").forEach(function (box) {
      named += 1;
      var panel = box.closest("section[data-panel]");
      var type = panel && panel.querySelector(".c-sf-block__type");
      var label = "正文" + (type ? "：" + type.textContent.trim() : "");
      box.setAttribute("aria-label", label);
      box.setAttribute("data-gk-check-text", "正文");
      box.setAttribute("data-gk-check-key", "body:" + named);
    });
    form.querySelectorAll("[data-dc-cells]:not([data-dc-ready])").forEach(previewTable);
    // Blocks of one kind have one name; who moves from region to region needs their number.
    form.querySelectorAll("[data-streamfield-child] > section[data-panel]").forEach(function (panel, number) {
      var type = panel.querySelector(".c-sf-block__type");
      var name = "正文第 " + (number + 1) + " 块" + (type ? "：" + type.textContent.trim() : "");
      if (panel.getAttribute("aria-label") !== name) {
        panel.setAttribute("aria-label", name);
        panel.removeAttribute("aria-labelledby");
      }
    });
  }
  var body = form.querySelector("[data-dc-body]");
  if (body) {
    new MutationObserver(nameBoxes).observe(body, { childList: true, subtree: true });
    nameBoxes();
  }

  // --- A table box shows beneath it what the cells will look like. ----------------------------------------------------
  function cells(text) {
    if (text.indexOf("\t") < 0 && text.indexOf("|") >= 0) {
      return text.split("\n").filter(function (line) { return line.trim(); }).map(function (line) {
        return line.trim().replace(/^\||\|$/g, "").split("|").map(function (cell) { return cell.trim(); });
      });
    }
    var rows = [[]], cell = "", quoted = false, at = 0;
    for (; at < text.length; at += 1) {
      var sign = text[at];
      if (quoted) {
        if (sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
        else if (sign === '"') { quoted = false; }
        else { cell += sign; }
      } else if (sign === '"' && !cell) { quoted = true; }
      else if (sign === "\t") { rows[rows.length - 1].push(cell.trim()); cell = ""; }
      else if (sign === "\n") { rows[rows.length - 1].push(cell.trim()); cell = ""; rows.push([]); }
      else { cell += sign; }
    }
    rows[rows.length - 1].push(cell.trim());
    return rows.filter(function (row) { return row.some(Boolean); });
  }
  function previewTable(box) {
    box.setAttribute("data-dc-ready", "");
    var holder = document.createElement("div");
    holder.className = "dc-cells";
    holder.setAttribute("aria-hidden", "true");  // the same words are in the box
    box.insertAdjacentElement("afterend", holder);
    var panel = box.closest("section[data-panel]") || form;
    function draw() {
      var head = panel.querySelector("input[type=checkbox]");
      var table = document.createElement("table");
      cells(box.value).slice(0, 200).forEach(function (row, number) {
        var line = table.insertRow();
        row.forEach(function (text) {
          var place = document.createElement(number === 0 && head && head.checked ? "th" : "td");
          place.textContent = text;
          line.appendChild(place);
        });
      });
      holder.replaceChildren(table);
    }
    box.addEventListener("input", draw);
    panel.addEventListener("change", draw);
    draw();
  }

  // --- Autosave --------------------------------------------------------------------------------------------------------
  var url = form.dataset.dcAutosave;
  var every = 3000;
  var sending = false, stopped = false, leaving = false;
  var kept = null;  // what the server has, as a string
  function snapshot() {
    var pairs = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "draft_version" && name !== "note") {
        pairs.push(name + "=" + value);
      }
    });
    return pairs.join("\n");
  }
  function say(text, tone) {
    if (!state) { return; }
    state.textContent = text;
    state.className = "dc-saved dc-saved--" + tone;
  }
  function save() {
    if (sending || stopped || !url || kept === null) { return Promise.resolve(); }
    var now = snapshot();
    if (now === kept) { return Promise.resolve(); }
    sending = true;
    say("正在自动保存…", "busy");
    var data = new FormData(form);
    return fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": token }, credentials: "same-origin", redirect: "error" })
      .then(function (answer) {
        return answer.json().then(function (told) { return { status: answer.status, told: told }; });
      })
      .then(function (result) {
        if (result.status === 200) {
          kept = now;
          if (version) { version.value = result.told.version; }
          say("已自动保存 " + result.told.saved_at, "done");
        } else {
          stopped = result.status === 409;
          say(result.told.issues.join(" "), "failed");
          if (stopped) { warn(result.told.issues); }
        }
      })
      .catch(function () { say("自动保存没有成功：连不上服务器，稍后再试。请不要关闭页面。", "failed"); })
      .finally(function () { sending = false; });
  }
  function warn(sentences) {
    var box = document.querySelector("[data-dc-conflict]");
    if (!box) { return; }
    box.querySelector("[data-dc-conflict-text]").textContent = sentences.join(" ");
    box.hidden = false;
    box.focus();
  }
  // The block editor fills its fields after the page has loaded; what stands then is what the server knows.
  window.setTimeout(function () {
    kept = form.hasAttribute("data-dc-changed") ? "" : snapshot();
    window.setInterval(save, every);
  }, 1500);
  window.addEventListener("beforeunload", function (event) {
    if (leaving || kept === null || (snapshot() === kept && !stopped)) { return; }
    event.preventDefault();
    event.returnValue = "";
  });
  form.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("pageshow", function () { leaving = false; });

  // Files are sent by forms of their own: what was typed is put aside first.
  document.querySelectorAll("form[data-dc-flush]").forEach(function (other) {
    other.addEventListener("submit", function (event) {
      if (other.dataset.dcFlushed) { return; }
      event.preventDefault();
      var button = event.submitter;
      (function wait() {
        if (sending) { window.setTimeout(wait, 100); return; }
        save().then(function () {
          other.dataset.dcFlushed = "1";
          leaving = true;
          // In a turn of its own: a form that is still telling of its submission takes no other.
          window.setTimeout(function () {
            if (other.requestSubmit) { other.requestSubmit(button || undefined); } else { other.submit(); }
          }, 0);
        });
      })();
    });
  });

  // --- Who else has the item open ----------------------------------------------------------------------------------------
  var others = document.querySelector("[data-dc-presence]");
  function ask() {
    if (!others || document.hidden) { return; }
    fetch(others.dataset.dcPresence, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) {
        if (!told) { return; }
        var names = told.names.join("、");
        others.hidden = !names;
        var text = names ? names + "正在编辑这条信息。两个人同时修改时，后保存的人会看到对方改了什么，两份文字都会留下。" : "";
        var place = others.querySelector("[data-dc-presence-text]");
        if (place.textContent !== text) { place.textContent = text; }
        if (told.head !== Number(form.dataset.dcBase) && !stopped) {
          warn([told.head_by + " 刚刚保存了第 " + told.head + " 版。您保存时会看到两份文字的差别。"]);
        }
      })
      .catch(function () { /* asked again soon */ });
  }
  window.setInterval(ask, 15000);
  ask();

  // --- Pickers -----------------------------------------------------------------------------------------------------------
  form.querySelectorAll("[data-dc-filter]").forEach(function (box) {
    box.hidden = false;
    var input = box.querySelector("input");
    var tree = document.getElementById(box.dataset.dcFilter);
    input.addEventListener("input", function () {
      var words = input.value.trim().toLowerCase();
      tree.querySelectorAll("li").forEach(function (line) {
        line.hidden = Boolean(words) && line.textContent.toLowerCase().indexOf(words) < 0;
      });
      tree.querySelectorAll("details").forEach(function (part) { part.open = Boolean(words) || part.querySelector(":checked") !== null; });
    });
    input.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); } });
  });
  form.querySelectorAll("[data-dc-adder]").forEach(function (box) {
    box.hidden = false;
    var input = box.querySelector("input");
    var list = document.getElementById(box.dataset.dcAdder);
    function add() {
      var name = input.value.trim();
      var lines = list.value.split("\n").map(function (line) { return line.trim(); }).filter(Boolean);
      if (name && lines.indexOf(name) < 0) { lines.push(name); list.value = lines.join("\n"); }
      input.value = "";
      input.focus();
      list.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.querySelector("button").addEventListener("click", add);
    input.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); add(); } });
  });
})();
