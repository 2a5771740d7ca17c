// What pages can do beyond links and forms. Everything works without this file.
"use strict";

const YEAR_S = 365 * 24 * 3600;

// "/" goes to the search box, Escape leaves it.
document.addEventListener("keydown", (event) => {
  const inField = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !inField && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector('input[type="search"]');
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  } else if (event.key === "Escape" && inField?.type === "search") {
    inField.blur();
  }
});

// The theme changes at once; the server reads the same cookie.
for (const link of document.querySelectorAll("[data-theme-to]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const theme = link.dataset.themeTo;
    const age = theme === "auto" ? 0 : YEAR_S;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${secure}`;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const other of document.querySelectorAll("[data-theme-to]")) {
      other.toggleAttribute("aria-current", other === link);
      if (other === link) other.setAttribute("aria-current", "true");
    }
  });
}

// Hidden words stay shown once they were opened.
for (const spoiler of document.querySelectorAll(".spoiler")) {
  const show = () => spoiler.classList.add("shown");
  spoiler.addEventListener("click", show);
  spoiler.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") show();
  });
}

// An original that is no longer kept gives way to its thumbnail.
document.addEventListener(
  "error",
  (event) => {
    if (event.target.srcset) event.target.removeAttribute("srcset");
  },
  true,
);

// Pictures open over the page; arrows go through those of the post.
const shots = [...document.querySelectorAll("a.shot[data-full]")];
if (shots.length && typeof HTMLDialogElement === "function") {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const picture = document.createElement("img");
  let place = 0;

  const addButton = (name, sign, label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `lightbox-${name}`;
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    dialog.append(button);
  };
  const show = (next) => {
    place = (next + shots.length) % shots.length;
    const small = shots[place].querySelector("img");
    const [width, height] = shots[place].dataset.full.split("x").map(Number);
    picture.width = width;
    picture.height = height;
    picture.alt = small.alt;
    picture.onerror = () => {
      picture.onerror = null;
      picture.src = small.currentSrc || small.src;
    };
    picture.src = shots[place].href;
    dialog.setAttribute("aria-label", small.alt);
  };

  dialog.append(picture);
  if (shots.length > 1) {
    addButton("previous", "‹", words.previous, () => show(place - 1));
    addButton("next", "›", words.next, () => show(place + 1));
  }
  addButton("close", "×", words.close, () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(place - 1);
    if (event.key === "ArrowRight") show(place + 1);
  });
  document.body.append(dialog);

  shots.forEach((shot, index) => {
    shot.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(index);
      dialog.showModal();
    });
  });
}
