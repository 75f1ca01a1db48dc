/* Checks the texts of an editor while they are typed and lists what was found beside them.
 *
 * <form data-gk-check-url="…" data-gk-check-unit="12">, inputs with data-gk-check-text="标题", and an element
 * [data-gk-check-panel] that takes the list. With data-gk-check-item the whole form goes along, and whoever listens to
 * "gk:checked" on the form gets the answer. Nothing here is needed to save or publish: the gate checks again.
 */
(function () {
  "use strict";

  const WAIT = 600;
  const MOST_OF_FORM = 600000;
  const NOT_OF_IT = ["csrfmiddlewaretoken", "draft_version", "base", "note"];
  const GRADES = [
    ["L1", "严重", "red"],
    ["L2", "重要", "red"],
    ["L3", "一般", "yellow"],
    ["L4", "提示", "blue"],
  ];
  const LIGHTS = { red: "▲", yellow: "◆", blue: "●" };

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      element.setAttribute(name, value);
    }
    if (text !== undefined) {
      element.textContent = text;
    }
    return element;
  }

  function keyOf(field) {
    return field.dataset.gkCheckKey || field.name || field.id;
  }

  function textOf(field) {
    return "value" in field ? field.value : field.innerText;
  }

  class LiveCheck {
    constructor(form, panel) {
      this.form = form;
      this.panel = panel;
      this.timer = 0;
      this.asked = 0;
      this.last = "";
      this.building = false;
      form.addEventListener("input", () => this.later());
      form.addEventListener("change", () => this.later());
      // What the mouse changes (headings, blocks put in or taken out) shows in the page only.
      const body = form.querySelector("[data-dc-body]");
      if (body && form.dataset.gkCheckItem) {
        new MutationObserver(() => this.later()).observe(body, { childList: true, subtree: true });
      }
      this.ask();
    }

    later() {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), WAIT);
    }

    fields() {
      return Array.from(this.form.querySelectorAll("[data-gk-check-text]"));
    }

    unit() {
      const input = this.form.elements.namedItem("unit");
      const typed = input && "value" in input ? input.value : "";
      return typed || this.form.dataset.gkCheckUnit || "";
    }

    token() {
      const input = this.form.querySelector("input[name=csrfmiddlewaretoken]");
      return input ? input.value : "";
    }

    pairs() {
      const pairs = [];
      let size = 0;
      new FormData(this.form).forEach((value, name) => {
        if (typeof value === "string" && NOT_OF_IT.indexOf(name) < 0) {
          pairs.push([name, value]);
          size += name.length + value.length;
        }
      });
      return size > MOST_OF_FORM ? null : pairs;
    }

    send(url, data) {
      return window.fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify(data),
      });
    }

    ask(again) {
      const fields = this.fields().map((field) => ({
        key: keyOf(field),
        label: field.dataset.gkCheckText,
        text: textOf(field),
      }));
      const data = { fields: fields, unit: this.unit() };
      if (this.form.dataset.gkCheckItem) {
        const pairs = this.pairs();
        if (pairs) {
          data.item = Number(this.form.dataset.gkCheckItem);
          data.form = pairs;
        }
      }
      const told = JSON.stringify(data);
      if (told === this.last && !again) {
        return;
      }
      this.last = told;
      this.asked += 1;
      const number = this.asked;
      this.panel.setAttribute("aria-busy", "true");
      this.send(this.form.dataset.gkCheckUrl, data)
        .then((response) =>
          response
            .json()
            .catch(() => ({ issues: ["检查服务没有应答，不影响保存。"] }))
            .then((answer) => {
              if (number === this.asked) {
                this.show(answer, response.ok);
              }
            })
        )
        .catch(() => {
          if (number === this.asked) {
            this.last = "";
            this.show({ issues: ["暂时连不上检查服务，不影响保存。"] }, false);
          }
        });
    }

    show(answer, ok) {
      this.form.dispatchEvent(new CustomEvent("gk:checked", { detail: { answer: answer, ok: ok } }));
      this.panel.removeAttribute("aria-busy");
      const heading = make("h2", { class: "gk-check__title" }, "边写边查");
      const parts = [heading];
      if (!ok) {
        for (const sentence of answer.issues || []) {
          parts.push(make("p", { class: "gk-check__problem" }, sentence));
        }
        this.panel.replaceChildren(...parts);
        return;
      }
      parts.push(this.counts(answer.counts));
      if (!answer.findings.length) {
        parts.push(make("p", { class: "gk-check__clean" }, "没有发现问题。"));
      } else {
        const list = make("ol", { class: "gk-check__list" });
        answer.findings.forEach((finding) => list.append(this.entry(finding)));
        parts.push(list);
      }
      if (answer.more) {
        parts.push(make("p", { class: "gk-check__more" }, "另有 " + answer.more + " 处没有列出。"));
      }
      parts.push(make("p", { class: "gk-check__note" }, "分级是系统的建议（待核），发布前还会完整检查附件等内容。"));
      this.panel.replaceChildren(...parts);
    }

    counts(counts) {
      const line = make("ul", { class: "gk-check__counts" });
      for (const [grade, name, tone] of GRADES) {
        const count = counts[grade] || 0;
        const entry = make("li", { class: "gk-check__count gk-check__count--" + (count ? tone : "none") });
        entry.textContent = grade + " " + name + " " + count;
        line.append(entry);
      }
      return line;
    }

    entry(finding) {
      const grade = GRADES.find((one) => one[0] === finding.grade) || GRADES[3];
      const entry = make("li", { class: "gk-check__entry gk-check__entry--" + grade[2] });
      const head = make("p", { class: "gk-check__place" });
      head.append(
        make("span", { class: "gk-check__grade" }, LIGHTS[grade[2]] + " " + finding.grade),
        document.createTextNode(" " + (finding.label || "正文") + (finding.line > 1 ? "，第 " + finding.line + " 行" : ""))
      );
      entry.append(head, make("p", { class: "gk-check__message" }, finding.message));
      if (finding.context && finding.context !== finding.shown) {
        entry.append(make("p", { class: "gk-check__context" }, finding.context));
      }
      const actions = make("p", { class: "gk-check__actions" });
      actions.append(this.button("定位", "到“" + finding.shown + "”", () => this.go(finding)));
      if (finding.replacement && finding.replacement.indexOf("|") < 0) {
        actions.append(
          this.button("替换", "把“" + finding.shown + "”替换为“" + finding.replacement + "”", () => this.replace(finding))
        );
      }
      if (finding.may_allow && this.form.dataset.gkCheckAllowUrl) {
        actions.append(
          this.button("不是错误，加入放行词", "把“" + finding.shown + "”加入放行词", () => this.allow(finding, entry))
        );
      }
      entry.append(actions);
      return entry;
    }

    button(words, label, act) {
      const button = make("button", { type: "button", class: "gk-button gk-button--quiet gk-button--small" }, words);
      button.setAttribute("aria-label", words + "：" + label);
      button.addEventListener("click", act);
      return button;
    }

    field(finding) {
      return this.fields().find((field) => keyOf(field) === finding.key);
    }

    go(finding) {
      const field = this.field(finding);
      if (!field) {
        return;
      }
      const closed = field.closest("details:not([open])");
      if (closed) {
        closed.open = true;
      }
      field.focus();
      if (field.setSelectionRange) {
        field.setSelectionRange(finding.start, finding.end);
      }
    }

    replace(finding) {
      const field = this.field(finding);
      if (!field || !("value" in field)) {
        return;
      }
      // The text may have moved on since it was checked: only what still stands there is replaced.
      if (field.value.slice(finding.start, finding.end) !== finding.shown) {
        this.ask(true);
        return;
      }
      this.go(finding);
      field.setRangeText(finding.replacement, finding.start, finding.end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      window.clearTimeout(this.timer);
      this.ask();
    }

    allow(finding, entry) {
      const known = entry.querySelector(".gk-check__allow");
      if (known) {
        known.querySelector("input").focus();
        return;
      }
      const id = "gk-check-reason-" + finding.key.replace(/\W/g, "-") + "-" + finding.start;
      const box = make("div", { class: "gk-check__allow" });
      const label = make("label", { for: id }, "为什么是对的");
      const input = make("input", { id: id, class: "gk-input", type: "text", maxlength: "200" });
      const problem = make("p", { class: "gk-check__problem", role: "alert" });
      const save = this.button("加入放行词", finding.shown, () => {
        this.send(this.form.dataset.gkCheckAllowUrl, {
          word: finding.shown,
          reason: input.value,
          unit: this.unit(),
        })
          .then((response) => response.json().then((answer) => [response.ok, answer]))
          .then(([ok, answer]) => {
            if (ok) {
              this.ask(true);
            } else {
              problem.textContent = (answer.issues || []).join(" ");
              input.focus();
            }
          })
          .catch(() => {
            problem.textContent = "没有保存成功，请稍后再试。";
          });
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          save.click();
        }
      });
      // The reason is no part of the item: what is typed here must not wake the editor's autosave.
      ["input", "change"].forEach((name) => input.addEventListener(name, (event) => event.stopPropagation()));
      box.append(label, input, save, problem);
      entry.append(box);
      input.focus();
    }
  }

  function start() {
    const panel = document.querySelector("[data-gk-check-panel]");
    const form = document.querySelector("form[data-gk-check-url]");
    if (panel && form) {
      new LiveCheck(form, panel);
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
