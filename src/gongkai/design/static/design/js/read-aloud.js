/* Reads a page aloud with the voice of the browser: what carries data-gk-aloud-text, sentence by sentence.
 *
 * The bar [data-gk-aloud] shows only where there is a Chinese voice. A pause ends the sentence and remembers it: browsers
 * on phones do not keep their own pauses.
 */
(function () {
  "use strict";

  var bar = document.querySelector("[data-gk-aloud]");
  var synth = window.speechSynthesis;
  if (!bar || !synth || !window.SpeechSynthesisUtterance) { return; }

  var LONGEST = 100;  // characters read in one go: some voices stop in the middle of more
  var MOST_ROWS = 20, MOST_COLUMNS = 8;  // a larger table is told of, not read
  var NOW = "gk-aloud";

  // --- How it is spoken -------------------------------------------------------------------------------------------------
  function apart(digits) { return digits.replace(/\D/g, "").split("").join(" "); }
  function day(whole, year, month, date) {
    return +month >= 1 && +month <= 12 && +date >= 1 && +date <= 31 ? year + "年" + +month + "月" + +date + "日" : whole;
  }
  function hour(whole, hours, minutes) { return +hours + "点" + (+minutes ? +minutes + "分" : ""); }
  function spoken(text) {
    return text
      .replace(/[\u200b\ufeff\u00ad]/g, "")
      .replace(/https?:\/\/[\x21-\x7e]+|www\.[\x21-\x7e]+/gi, "，网址见屏幕，")
      .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, "，邮箱见屏幕，")
      .replace(/[\s\u3000\u00a0]+/g, " ")
      // A word pulled apart (张　三, 通 知) is one word; any other gap between words is a pause.
      .replace(/([\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))/g, "$1")
      .replace(/(^|[^\u4e00-\u9fff])([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, "$1$2")
      .replace(/([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, "$1，")
      .replace(/\s*[〔\[［【(（](\d{4})[〕\]］】)）]\s*第?\s*(\d{1,5})\s*号/g, "，$1年第$2号")
      .replace(/(^|\D)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)/g, function (whole, before, year, month, date) {
        return before + day(whole.slice(before.length), year, month, date);
      })
      .replace(/(^|[^\d:：])([01]?\d|2[0-3])[:：]([0-5]\d)(?![\d:：])/g, function (whole, before, hours, minutes) {
        return before + hour(whole, hours, minutes);
      })
      .replace(/(^|\D)((?:0\d{2,3}[-— ]?\d{7,8}|400[-— ]?\d{3,4}[-— ]?\d{3,4}|1[3-9]\d{9}))(?!\d)/g, function (whole, before, number) {
        return before + " " + apart(number) + " ";
      })
      // A long number without a unit is a code or a call number, read digit by digit.
      .replace(/(^|[^\d.,，])(\d{5,})(?![\d.,%％]|\s*[万亿元人个户件项份次吨亩米千平立公家名套台辆头只棵株斤年])/g, function (whole, before, number) {
        return before + " " + apart(number) + " ";
      })
      .replace(/(\d)\s*(?:[—–~～]+|-)\s*(?=\d)/g, "$1至")
      .replace(/([日月年时分点%％元])\s*(?:[—–~～]+|-)\s*(?=\d)/g, "$1至")
      .replace(/(元|人|次|吨|公斤|千克|亩)\s*\/\s*(?=[\u4e00-\u9fff])/g, "$1每")
      .replace(/㎡|m²|M²/g, "平方米").replace(/℃/g, "摄氏度")
      .replace(/[【】〔〕]/g, "，").replace(/—+|……|…/g, "，")
      .replace(/[，,、\s]*，[，,、\s]*/g, "，").replace(/^[，,、；;\s]+|\s+$/g, "");
  }

  // --- What is read -----------------------------------------------------------------------------------------------------
  var BLOCKS = "p,h1,h2,h3,h4,h5,h6,li,ul,ol,table,figure,blockquote,div,section,dl,dt,dd,img";
  var units = null;  // {element, nodes, start, end, words}
  function readable(text) { return /[\w\u4e00-\u9fff]/.test(text); }

  function cuts(text) {
    var found = [], at = 0;
    (text.match(/[^。！？!?；;\n]+[。！？!?；;\n]*[”’」』）)]*|[。！？!?；;\n]+/g) || []).forEach(function (sentence) {
      while (sentence.length > LONGEST) {
        var head = sentence.slice(0, LONGEST);
        var stop = Math.max(head.lastIndexOf("，"), head.lastIndexOf("、"), head.lastIndexOf("："), head.lastIndexOf(","));
        stop = stop > 20 ? stop + 1 : LONGEST;
        found.push([at, at + stop]);
        at += stop;
        sentence = sentence.slice(stop);
      }
      found.push([at, at + sentence.length]);
      at += sentence.length;
    });
    return found;
  }

  function addText(element, into) {
    var walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), nodes = [], text = "";
    for (var node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest("[hidden], [aria-hidden=true], script, style")) { continue; }
      nodes.push({ node: node, at: text.length });
      text += node.data;
    }
    cuts(text).forEach(function (cut) {
      var words = spoken(text.slice(cut[0], cut[1]));
      if (readable(words)) { into.push({ element: element, nodes: nodes, start: cut[0], end: cut[1], words: words }); }
    });
  }

  function say(element, words, into) { into.push({ element: element, nodes: null, words: words }); }

  function addTable(table, into) {
    var caption = table.caption ? table.caption.textContent.trim() : "";
    var head = table.tHead && table.tHead.rows.length ? Array.from(table.tHead.rows[0].cells, function (cell) { return cell.textContent.trim(); }) : [];
    var rows = Array.from(table.rows).filter(function (row) { return !table.tHead || row.parentElement !== table.tHead; });
    var columns = rows.reduce(function (most, row) { return Math.max(most, row.cells.length); }, head.length);
    var size = "表格" + (caption ? "，" + spoken(caption) : "") + "，共" + rows.length + "行" + columns + "列";
    if (rows.length > MOST_ROWS || columns > MOST_COLUMNS) {
      say(table, size + "，内容较多，请看屏幕。", into);
      return;
    }
    say(table.caption || (table.tHead && table.tHead.rows[0]) || table, size + "。", into);
    rows.forEach(function (row, number) {
      var cells = Array.from(row.cells, function (cell, at) {
        var value = spoken(cell.textContent);
        return readable(value) ? (head[at] ? spoken(head[at]) + "：" : "") + value : "";
      }).filter(Boolean);
      if (cells.length) { say(row, "第" + (number + 1) + "行，" + cells.join("；") + "。", into); }
    });
    say(table, "表格结束。", into);
  }

  function add(element, into) {
    if (element.matches("[hidden], [aria-hidden=true], script, style, svg")) { return; }
    if (element.matches("table")) { addTable(element, into); return; }
    if (element.matches("img")) {
      var alt = (element.getAttribute("alt") || "").trim();
      if (alt) { say(element, "图片：" + spoken(alt) + "。", into); }
      return;
    }
    if (!element.querySelector(BLOCKS)) { addText(element, into); return; }
    // Words between blocks (a list in an item of a list) are read in their turn.
    var run = [];
    function flush() {
      if (run.some(function (node) { return readable(node.textContent); })) {
        run.forEach(function (node) {
          if (node.nodeType === 1) { addText(node, into); }
          else if (readable(node.data)) {
            cuts(node.data).forEach(function (cut) {
              var words = spoken(node.data.slice(cut[0], cut[1]));
              if (readable(words)) { into.push({ element: element, nodes: [{ node: node, at: 0 }], start: cut[0], end: cut[1], words: words }); }
            });
          }
        });
      }
      run = [];
    }
    Array.from(element.childNodes).forEach(function (child) {
      if (child.nodeType === 1 && (child.matches(BLOCKS) || child.querySelector(BLOCKS))) { flush(); add(child, into); }
      else if (child.nodeType === 1 || child.nodeType === 3) { run.push(child); }
    });
    flush();
  }

  function collect() {
    var found = [];
    document.querySelectorAll("[data-gk-aloud-text]").forEach(function (element) { add(element, found); });
    return found;
  }

  // --- What is shown ----------------------------------------------------------------------------------------------------
  var start = bar.querySelector("[data-gk-aloud-start]"), pause = bar.querySelector("[data-gk-aloud-pause]");
  var resume = bar.querySelector("[data-gk-aloud-resume]"), stop = bar.querySelector("[data-gk-aloud-stop]");
  var speed = bar.querySelector("[data-gk-aloud-speed]"), where = bar.querySelector("[data-gk-aloud-where]");
  var status = bar.querySelector("[data-gk-aloud-status]");
  var voice = null, at = 0, state = "still", turn = 0, kept = null, marked = null;

  function show(next, words) {
    var focused = bar.contains(document.activeElement) ? document.activeElement : null;
    state = next;
    start.hidden = next !== "still";
    pause.hidden = next !== "reading";
    resume.hidden = next !== "paused";
    stop.hidden = next === "still";
    if (focused && focused.hidden) { (next === "still" ? start : next === "paused" ? resume : pause).focus(); }
    if (words !== undefined) { status.textContent = words; }
    where.textContent = next === "still" ? "" : "第 " + (at + 1) + " 句，共 " + units.length + " 句";
  }

  function unmark() {
    if (marked) { marked.classList.remove("gk-aloud-now"); marked = null; }
    if (window.CSS && CSS.highlights) { CSS.highlights.delete(NOW); }
  }
  function place(nodes, offset, end) {
    for (var number = nodes.length - 1; number >= 0; number -= 1) {
      if (nodes[number].at < offset || (!end && nodes[number].at === offset) || number === 0) {
        return [nodes[number].node, Math.min(Math.max(offset - nodes[number].at, 0), nodes[number].node.data.length)];
      }
    }
    return null;
  }
  function mark(unit) {
    unmark();
    var box = unit.element;
    if (unit.nodes && window.CSS && CSS.highlights && window.Highlight) {
      var range = document.createRange();
      range.setStart.apply(range, place(unit.nodes, unit.start, false));
      range.setEnd.apply(range, place(unit.nodes, unit.end, true));
      CSS.highlights.set(NOW, new Highlight(range));
      box = range;
    } else {
      marked = unit.element;
      marked.classList.add("gk-aloud-now");
    }
    var edges = box.getBoundingClientRect();
    if (edges.top < bar.offsetHeight + 16 || edges.bottom > window.innerHeight - 16) {
      var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      window.scrollBy({ top: edges.top - window.innerHeight / 3, behavior: calm ? "auto" : "smooth" });
    }
  }

  // --- Reading ----------------------------------------------------------------------------------------------------------
  function quiet() {
    turn += 1;
    synth.cancel();
  }
  function finish(words) {
    quiet();
    at = 0;
    unmark();
    show("still", words);
  }
  function read() {
    if (at >= units.length) { finish("朗读完毕"); return; }
    var mine = turn, unit = units[at];
    kept = new window.SpeechSynthesisUtterance(unit.words);  // kept: some browsers forget one that nobody holds
    kept.lang = "zh-CN";
    kept.voice = voice;
    kept.rate = Number(speed.value) || 1;
    kept.onend = function () {
      if (mine === turn) { at += 1; read(); }
    };
    kept.onerror = function (event) {
      if (mine === turn && event.error !== "canceled" && event.error !== "interrupted") { finish("朗读没有成功，请稍后再试"); }
    };
    mark(unit);
    show("reading");
    synth.speak(kept);
  }
  function begin() {
    quiet();
    units = collect();
    at = 0;
    if (!units.length) { return; }
    status.textContent = "开始朗读";
    read();
  }
  start.addEventListener("click", begin);
  pause.addEventListener("click", function () { quiet(); show("paused", "已暂停"); });
  resume.addEventListener("click", function () { quiet(); status.textContent = "继续朗读"; read(); });
  stop.addEventListener("click", function () { finish("已停止"); });
  speed.addEventListener("change", function () {
    if (state === "reading") { quiet(); read(); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && state !== "still") { finish("已停止"); }
  });
  window.addEventListener("pagehide", function () { synth.cancel(); });

  // --- The voice --------------------------------------------------------------------------------------------------------
  function rank(one) {
    var lang = one.lang.toLowerCase().replace("_", "-");
    var mainland = /^(zh-cn|zh-hans|cmn-cn|cmn-hans|zh$|cmn$)/.test(lang) ? 0 : /^(zh|cmn)-(tw|sg)|^zh-hant-tw/.test(lang) ? 4 : 9;
    return mainland + (one.localService ? 0 : 1) + (one.default ? 0 : 0.5);
  }
  function choose() {
    var fit = synth.getVoices().filter(function (one) { return rank(one) < 9; });
    fit.sort(function (one, other) { return rank(one) - rank(other); });
    voice = fit[0] || null;
    bar.hidden = !voice;
  }
  if (synth.addEventListener) { synth.addEventListener("voiceschanged", choose); } else { synth.onvoiceschanged = choose; }
  choose();
})();
