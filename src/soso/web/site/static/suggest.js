// Suggestions below the search box while somebody types: a combobox as the ARIA practices have it.
// The box works without this file; with it, the arrows choose, Enter goes there, Escape closes.
"use strict";

const WAIT_MS = 120;
const MOST = 8;
const KEPT = 200;
const SVG = "http://www.w3.org/2000/svg";

class Suggestions {
  constructor(input) {
    this.input = input;
    this.answers = new Map();
    this.shown = [];
    this.chosen = -1;
    this.typed = input.value;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.body.dataset.suggestions);
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    input.form.append(this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.changed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    // The list must not take the focus from the box, or the box would close it before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(Number(option.dataset.place));
    });
  }

  changed() {
    this.typed = this.input.value;
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.typed.trim();
    if (!text || text.length > 80) return this.close();
    if (this.answers.has(text)) return this.show(this.answers.get(text));
    this.timer = setTimeout(() => this.ask(text), WAIT_MS);
  }

  async ask(text) {
    this.asked = new AbortController();
    const wanted = new URLSearchParams({ q: text, limit: MOST });
    if (this.input.dataset.suggest === "all") wanted.set("sensitive", "true");
    try {
      const answer = await fetch(`/api/v1/suggest?${wanted}`, { signal: this.asked.signal });
      if (!answer.ok) return this.close();
      const { suggestions } = await answer.json();
      if (this.answers.size >= KEPT) this.answers.clear();
      this.answers.set(text, suggestions);
      if (this.typed.trim() === text && document.activeElement === this.input) {
        this.show(suggestions);
      }
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(suggestions) {
    this.shown = suggestions;
    this.choose(-1);
    this.list.replaceChildren(...suggestions.map((one, place) => this.option(one, place)));
    this.list.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const { suggestions: label } = document.body.dataset;
    this.status.textContent = this.list.hidden ? "" : `${label}: ${suggestions.length}`;
  }

  option(one, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.dataset.place = place;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#i-${one.kind}`);
    icon.append(use);
    const text = document.createElement("bdi");
    text.textContent = one.text;
    const kind = document.createElement("span");
    kind.className = "count";
    const name = one.kind[0].toUpperCase() + one.kind.slice(1);
    kind.textContent = document.body.dataset[`kind${name}`] ?? "";
    option.append(icon, text, kind);
    return option;
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open && this.shown.length) this.show(this.shown);
      if (!this.shown.length) return;
      event.preventDefault();
      const count = this.shown.length + 1; // the box itself is one of the places
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(((this.chosen + 1 + step + count) % count) - 1);
    } else if (event.key === "Enter" && open && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation(); // the first Escape closes the list, the next leaves the box
      this.input.value = this.typed;
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  choose(place) {
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = place;
    const option = this.list.children[place];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  take(place) {
    const one = this.shown[place];
    this.close();
    if (one.chat) {
      location.assign(new URL(one.url).pathname);
    } else {
      this.input.value = one.query;
      this.input.form.requestSubmit();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.choose(-1);
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  new Suggestions(input);
}
