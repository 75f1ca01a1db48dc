// A public terminal in a service hall. A browser becomes one by opening /kiosk/#terminal and stops being one by /kiosk/#end;
// the rules hold for its tab, on every page (gk.js brings this script along). Everywhere else the pages are as they are.
// What it does: goes back to the start when nobody is there, after a warning; forgets what was typed and chosen; stays on
// this site; keeps what was seen last for when the network is down.
(function () {
  "use strict";
  if (window.gkKiosk) { return; }
  window.gkKiosk = true;

  var START = "/kiosk/", WORKER = "/kiosk-worker.js", KEPT = "gongkai-kiosk";
  var WARNING = 20, FRESH = 600, AGAIN = 30;
  var own = document.currentScript;
  var memory;
  try { memory = window.sessionStorage; memory.getItem("gk-kiosk"); } catch (error) { return; }

  var make = function (name, attributes, children) {
    var one = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { one.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { one.append(child); });
    return one;
  };

  // What the network does not bring is listed on the page that says so, on a terminal or not.
  var listKept = function (place) {
    if (!place || !window.caches) { return; }
    var list = make("ul", { "class": "gk-kiosk-rows" });
    window.caches.open(KEPT).then(function (cache) {
      return cache.keys().then(function (requests) {
        return Promise.all(requests.reverse().map(function (request) {
          var path = new URL(request.url).pathname;
          if (!/\/$/.test(path) || /^\/kiosk\//.test(path) || /^\/display\//.test(path)) { return null; }
          return cache.match(request).then(function (answer) { return answer.text(); }).then(function (text) {
            var title = new DOMParser().parseFromString(text, "text/html").title.replace(/ - [^-]*$/, "");
            return make("li", {}, [make("a", { href: path }, [title || path])]);
          });
        }));
      });
    }).then(function (lines) {
      lines.filter(Boolean).slice(0, 30).forEach(function (line) { list.append(line); });
      if (list.children.length) { place.append(list); place.hidden = false; }
    }).catch(function () { /* nothing is kept: the page says what can be done */ });
  };

  var follow = function () {
    if (location.pathname !== START) { return false; }
    if (location.hash === "#terminal" && own && own.dataset.gkIdle) {
      memory.setItem("gk-kiosk", own.dataset.gkIdle);
      history.replaceState(null, "", START);
    } else if (location.hash === "#end") {
      memory.clear();
      var done = function () { location.replace("/"); };
      Promise.all([
        navigator.serviceWorker ? navigator.serviceWorker.getRegistrations().then(function (all) {
          return Promise.all(all.map(function (one) { return one.unregister(); }));
        }) : null,
        window.caches ? window.caches.delete(KEPT) : null
      ]).then(done, done);
      return true;
    }
    return false;
  };

  window.addEventListener("hashchange", function () {
    if (location.pathname === START && (location.hash === "#terminal" || location.hash === "#end")) { location.reload(); }
  });
  if (follow()) { return; }
  listKept(document.querySelector("[data-gk-kept]"));
  var idle = Number(memory.getItem("gk-kiosk"));
  if (!idle) { return; }

  // Each visitor has a turn. A page of an earlier one, reached by going back, leads to the start.
  var turn = function () { return memory.getItem("gk-kiosk-turn") || "0"; };
  var leftAt = 0;
  var leave = function () {
    leftAt = Date.now();
    history.replaceState(null, ""); // else a browser that is at the start already would find the old turn there again
    location.replace(START);
  };
  if (history.state && history.state.gkTurn && history.state.gkTurn !== turn()) { leave(); return; }
  history.replaceState({ gkTurn: turn() }, "");
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && history.state && history.state.gkTurn !== turn()) { leave(); }
  });

  var atStart = location.pathname === START;
  var used = false, opened = Date.now(), last = opened;
  var finish = function () {
    document.querySelectorAll("form").forEach(function (form) { form.reset(); });
    ["gk_size", "gk_theme"].forEach(function (name) { document.cookie = name + "=; Max-Age=0; Path=/; SameSite=Lax"; });
    memory.setItem("gk-kiosk-turn", String(Number(turn()) + 1));
    leave();
  };

  document.documentElement.classList.add("gk-kiosk-on");
  if (/gk_size=(large|plain)/.test(document.cookie)) { document.documentElement.classList.add("gk-kiosk-large"); }
  document.querySelectorAll("form, input, textarea").forEach(function (one) { one.setAttribute("autocomplete", "off"); });

  // The bar at the bottom of every page.
  var sprite = document.querySelector("svg use");
  var icons = sprite ? sprite.getAttribute("href").split("#")[0] : "";
  var pressed = function (icon, text, action) {
    var picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    picture.setAttribute("class", "gk-icon");
    picture.setAttribute("aria-hidden", "true");
    picture.setAttribute("focusable", "false");
    use.setAttribute("href", icons + "#" + icon);
    picture.append(use);
    var word = make("span", {}, [text]);
    if (typeof action === "string") { return make("li", {}, [make("a", { href: action }, [picture, word])]); }
    var button = make("button", { type: "button" }, [picture, word]);
    button.addEventListener("click", action);
    return make("li", {}, [button]);
  };
  var bar = document.querySelector(".gk-kiosk-bar");
  if (!bar) {
    bar = make("nav", { "class": "gk-kiosk-bar", "aria-label": "终端导航" }, [make("ul", { "class": "gk-kiosk-bar__list" }, [
      pressed("gk-home", "首页", START), pressed("gk-file", "查阅", "/kiosk/read/"), pressed("gk-search", "检索", "/search/"),
      pressed("gk-edit", "申请", "/apply/"), pressed("gk-print", "打印本页", function () { window.print(); })
    ])]);
  }
  if (!atStart) { bar.firstElementChild.append(pressed("gk-arrow-left", "上一页", function () { history.back(); })); }
  bar.firstElementChild.append(pressed("gk-check", "用完了", finish));
  document.body.append(bar);

  // A terminal shows this site and nothing else; the back office is not for it either.
  var said = null;
  var say = function (text) {
    if (said) { said.remove(); }
    said = make("p", { "class": "gk-kiosk-say", role: "status" }, [text]);
    document.body.append(said);
    window.setTimeout(function () { if (said) { said.remove(); said = null; } }, 8000);
  };
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (!link) { return; }
    var target = new URL(link.href, location.href);
    if (target.origin !== location.origin || target.pathname.indexOf("/admin/") === 0) {
      event.preventDefault();
      say("这台终端只能看本网站。需要时请记下：" + link.href);
    } else {
      link.removeAttribute("target");
    }
  }, true);

  // Nobody there: a warning that a touch takes away, then the start.
  var ask = null, left = null;
  var stay = function () { last = Date.now(); if (ask) { ask.remove(); ask = null; } };
  var warn = function (seconds) {
    if (!ask) {
      var go = make("button", { type: "button", "class": "gk-button" }, ["继续使用"]);
      var end = make("button", { type: "button", "class": "gk-button gk-button--secondary" }, ["用完了"]);
      left = make("strong", {}, []);
      ask = make("dialog", { "class": "gk-kiosk-ask", "aria-labelledby": "gk-kiosk-ask" }, [
        make("h2", { id: "gk-kiosk-ask" }, ["还在使用吗？"]),
        make("p", {}, [left, " 秒后清空填写的内容，回到首页。"]),
        make("p", { "class": "gk-actions" }, [go, end])
      ]);
      go.addEventListener("click", stay);
      end.addEventListener("click", finish);
      ask.addEventListener("cancel", stay);
      document.body.append(ask);
      ask.showModal();
    }
    left.textContent = String(seconds);
  };
  ["pointerdown", "keydown", "wheel", "input"].forEach(function (name) {
    window.addEventListener(name, function (event) {
      used = used || name === "input";
      last = Date.now();
      // A button of the warning is pressed as one; anything else means that somebody is there.
      if (ask && !(name === "pointerdown" && event.target.closest && event.target.closest("button")) && name !== "keydown") { stay(); }
    }, { capture: true, passive: true });
  });
  window.setInterval(function () {
    if (leftAt && Date.now() - leftAt < AGAIN * 1000) { return; } // on the way: another try would only begin it anew
    var now = Date.now(), rest = Math.ceil(idle - (now - last) / 1000);
    if (atStart) {
      // The start needs no warning where nothing was typed; it is loaded anew now and then, to show what is new.
      if (rest <= 0 && (used || /gk_(size|theme)=/.test(document.cookie))) { finish(); }
      else if (rest <= 0 && navigator.onLine && now - opened > FRESH * 1000) { leave(); }
      return;
    }
    if (rest <= 0) { finish(); } else if (rest <= WARNING) { warn(rest); } else if (ask) { stay(); }
  }, 1000);

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(WORKER).catch(function () { /* without one there is nothing to see while the network is down */ });
  }
})();
