/* What hinders readers, beside the editor: lists what the live check told of the form, and leads to each place.
 *
 * Listens to "gk:checked" of form[data-gk-check-item]; fills [data-dc-reading]. Nothing here keeps anybody from saving.
 */
(function () {
  "use strict";

  const form = document.querySelector("form[data-gk-check-item]");
  const panel = document.querySelector("[data-dc-reading]");
  if (!form || !panel) {
    return;
  }
  const sum = document.querySelector("[data-dc-reading-sum]");
  const status = document.querySelector("[data-dc-reading-status]");
  const MARK = "dc-found";
  const MARKED_FOR = 4000;
  let shown = "";

  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
  }

  // --- To the place ---------------------------------------------------------------------------------------------------
  function parts() {
    return Array.from(form.querySelectorAll("[data-streamfield-child]")).filter((child) => child.getClientRects().length);
  }

  function open(element) {
    for (let closed = element.closest("details:not([open])"); closed; closed = element.closest("details:not([open])")) {
      closed.open = true;
    }
    const panelOf = element.closest("section[data-panel]");
    const toggle = panelOf && panelOf.querySelector("[data-panel-toggle][aria-expanded=false]");
    if (toggle) {
      toggle.click();
    }
  }

  function inBox(box, words) {
    open(box);
    box.focus();
    const at = words ? box.value.indexOf(words) : -1;
    if (at >= 0 && box.setSelectionRange) {
      box.setSelectionRange(at, at + words.length);
    }
  }

  // The text of a rich text box is its own: it is pointed at, not changed.
  function inText(editor, words) {
    open(editor);
    editor.focus();
    const blocks = Array.from(editor.querySelectorAll("[data-block]"));
    const begin = words.slice(0, 12);
    const block = blocks.find((one) => one.textContent.indexOf(words) >= 0) || blocks.find((one) => begin && one.textContent.indexOf(begin) >= 0);
    if (!block) {
      return;
    }
    block.scrollIntoView({ block: "center" });
    const range = document.createRange();
    range.selectNodeContents(block);
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (words && at >= 0) {
        range.setStart(node, at);
        range.setEnd(node, at + words.length);
        break;
      }
    }
    if (window.CSS && CSS.highlights) {
      CSS.highlights.set(MARK, new Highlight(range));
      window.setTimeout(() => CSS.highlights.delete(MARK), MARKED_FOR);
    }
    const caret = range.cloneRange();
    caret.collapse(true);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(caret);
  }

  function go(finding) {
    const words = finding.shown.replace(/…$/, "");
    const file = /^attachment:(\d+)$/.exec(finding.field);
    if (file) {
      const title = document.getElementById("title-" + file[1]);
      if (title) {
        inBox(title, "");
      }
      return;
    }
    const plain = form.querySelector("textarea[name=body]");
    if (plain) {
      inBox(plain, words);
      return;
    }
    const part = parts()[finding.part];
    if (!part) {
      return;
    }
    const editor = part.querySelector(".public-DraftEditor-content");
    const cells = part.querySelector("[data-dc-cells]");
    if (editor) {
      inText(editor, words);
    } else if (cells) {
      inBox(finding.code === "accessibility.table.no_header" ? part.querySelector("input[type=checkbox]") : cells, words);
    } else {
      inBox(part.querySelector("input[name$='-alt']") || part.querySelector("input, select"), "");
    }
  }

  // --- The list -------------------------------------------------------------------------------------------------------
  function entry(finding) {
    const place = finding.place + (finding.warning ? "" : "，建议");
    const button = make("button", { type: "button", class: "gk-button gk-button--quiet gk-button--small" }, "定位");
    button.setAttribute("aria-label", "定位：" + finding.place + "，" + finding.message);
    button.addEventListener("click", () => go(finding));
    return make(
      "li",
      { class: "dc-reading__entry" + (finding.warning ? " dc-reading__entry--warning" : "") },
      make("p", { class: "dc-reading__place" }, (finding.warning ? "◆ " : "● ") + place, button),
      make("p", { class: "dc-reading__message" }, finding.message),
      make("p", { class: "dc-reading__mend" }, "怎么改：" + finding.mend),
      make("p", { class: "dc-reading__why" }, "为什么：" + finding.why)
    );
  }

  function draw(reading) {
    const all = reading.counts.reduce((sumOf, one) => sumOf + one.count, 0);
    const counts = reading.counts.map((one) => one.name + " " + one.count + " 处").join("，");
    const told = all ? counts : "没有发现问题";
    if (sum) {
      sum.textContent = all ? "（" + all + "）" : "";
    }
    if (status && status.textContent !== "读得懂、看得见：" + told) {
      status.textContent = "读得懂、看得见：" + told;
    }
    const pieces = [make("p", { class: "dc-reading__counts" }, all ? "需要留意：" + counts : "没有发现问题。")];
    if (all) {
      pieces.push(make("ol", { class: "dc-reading__list" }, ...reading.findings.map(entry)));
    }
    if (reading.more) {
      pieces.push(make("p", { class: "gk-muted gk-small" }, "另有 " + reading.more + " 处没有列出。"));
    }
    if (reading.basis.length) {
      pieces.push(make("p", { class: "gk-basis" }, "依据：" + reading.basis.join("；")));
    }
    pieces.push(
      make("p", { class: "dc-reading__note" }, "不影响保存。字的颜色、字号和空行保存时会去掉；图片里的文字系统看不见，请在正文里再写一遍。")
    );
    panel.replaceChildren(...pieces);
  }

  form.addEventListener("gk:checked", (event) => {
    const reading = event.detail.ok && event.detail.answer.reading;
    if (!reading) {
      return;
    }
    const now = JSON.stringify(reading);
    if (now !== shown) {
      shown = now;
      draw(reading);
    }
  });
})();
