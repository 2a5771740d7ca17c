// The chat page of the local Bot API double: a person writes, presses buttons, searches inline.
// Everything shown is put into text nodes; nothing that a bot sends becomes markup.

const at = (id) => document.getElementById(id);
const state = { world: null, user: 0, chat: 0, revision: -1, reply: null, typed: 0, left: null };

async function ask(path, told) {
  const init = told === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(told),
  };
  const answer = await fetch(`/control/${path}`, init);
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.error ?? answer.statusText);
  return told === undefined ? read : read.done;
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function toast(text) {
  at("toast").textContent = text;
  at("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { at("toast").hidden = true; }, 3500);
}

const attempt = (act) => async (...told) => {
  try { await act(...told); } catch (error) { toast(error.message); }
};

// Text with marks: offsets count UTF-16 units, as JavaScript's do.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
  text_link: "a", url: "a", mention: "a", hashtag: "a", bot_command: "a",
};

function write(text, entities = []) {
  const root = document.createDocumentFragment();
  const fill = (parent, from, to, marks) => {
    let here = from;
    while (marks.length) {
      const [first, ...rest] = marks;
      const end = Math.min(first.offset + first.length, to);
      if (first.offset < here || first.offset >= to) { marks = rest; continue; }
      parent.append(text.slice(here, first.offset));
      const inside = rest.filter((one) => one.offset < end);
      fill(parent.appendChild(mark(first, text.slice(first.offset, end))), first.offset, end, inside);
      here = end;
      marks = rest.filter((one) => one.offset >= end);
    }
    parent.append(text.slice(here, to));
  };
  fill(root, 0, text.length, entities.filter((one) => TAGS[one.type]));
  return root;
}

function mark(entity, text) {
  const node = make(TAGS[entity.type]);
  if (entity.type === "spoiler") { node.className = "spoiler"; node.tabIndex = 0; }
  if (node.tagName !== "A") return node;
  node.href = "#";
  if (entity.type === "text_link" || entity.type === "url") {
    const address = entity.url ?? text;
    node.title = address;
    follow(node, address);
  } else if (entity.type === "bot_command") {
    node.addEventListener("click", (event) => { event.preventDefault(); send(text); });
  } else {
    node.addEventListener("click", (event) => event.preventDefault());
  }
  return node;
}

function payload(address) {
  const name = state.world.bot.username.toLowerCase();
  let parts;
  try { parts = new URL(address); } catch { return null; }
  if (parts.hostname !== "t.me" || parts.pathname.toLowerCase() !== `/${name}`) return null;
  return parts.searchParams.get("start");
}

function follow(node, address) {
  const start = payload(address);
  if (start !== null) {
    node.addEventListener("click", attempt(async (event) => {
      event.preventDefault();
      await ask("start", { user: state.user, payload: start });
      if (state.chat !== state.user) enter(state.user);
    }));
  } else if (/^https?:\/\//.test(address)) {
    node.href = address;
    node.target = "_blank";
    node.rel = "noreferrer noopener";
  }
}

// Messages

function show(message) {
  const own = message.from?.id === state.user && !message.via_bot;
  const box = make("article", own ? "message own" : "message");
  box.dataset.id = message.message_id;
  const bubble = box.appendChild(make("div", "bubble"));
  const group = state.chat !== state.user;
  const name = message.sender_chat?.title ?? message.from?.first_name;
  const picture = message.photo ? `/control/files/${message.photo.at(-1).file_id}` : null;
  const address = message.soso_url ?? picture;
  if (address) {
    const image = bubble.appendChild(make("img"));
    image.alt = "";
    image.src = address;
  }
  if (group && !own && name) bubble.append(make("div", "name", name));
  if (message.via_bot) bubble.append(make("div", "name", `via @${message.via_bot.username}`));
  const origin = message.forward_origin;
  if (origin) {
    const from = origin.chat?.title ?? origin.sender_user?.first_name ?? origin.sender_user_name;
    bubble.append(make("div", "name", `↪ ${from ?? ""}`));
  }
  const answered = message.reply_to_message;
  if (answered) bubble.append(make("div", "quote", (answered.text ?? answered.caption ?? "…").slice(0, 90)));
  const text = message.text ?? message.caption ?? "";
  const words = bubble.appendChild(make("div", "text"));
  words.append(write(text, message.entities ?? message.caption_entities));
  const moment = new Date((message.edit_date ?? message.date) * 1000);
  const clock = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  bubble.append(make("p", "foot", message.edit_date ? `✎ ${clock}` : clock));
  bubble.addEventListener("dblclick", () => answerTo(message));
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) {
    box.classList.add("wide");
    const keys = box.appendChild(make("div", "keys"));
    for (const row of rows) {
      const line = keys.appendChild(make("div"));
      for (const button of row) line.append(key(message, button));
    }
  }
  return box;
}

function key(message, button) {
  const node = make("button", button.url ? "marked" : "", button.text);
  node.type = "button";
  node.addEventListener("click", attempt(async () => {
    if (button.url !== undefined) {
      const start = payload(button.url);
      if (start === null) window.open(button.url, "_blank", "noreferrer,noopener");
      else { await ask("start", { user: state.user, payload: start }); enter(state.user); }
    } else if (button.copy_text) {
      await navigator.clipboard.writeText(button.copy_text.text);
      toast("已复制");
    } else if (button.callback_data !== undefined) {
      node.disabled = true;
      try {
        const told = { chat: state.chat, user: state.user, message: message.message_id, data: button.callback_data };
        const answer = await ask("press", told);
        if (answer.text && answer.show_alert) tell(answer.text);
        else if (answer.text) toast(answer.text);
        if (answer.url && payload(answer.url) !== null) await ask("start", { user: state.user, payload: payload(answer.url) });
      } finally { node.disabled = false; }
    } else {
      const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "";
      at("text").value = `@${state.world.bot.username} ${query}`;
      at("text").focus();
      typed();
    }
  }));
  return node;
}

function tell(text) {
  at("alert").querySelector("p").textContent = text;
  at("alert").showModal();
}

function answerTo(message) {
  state.reply = message;
  at("reply").hidden = false;
  at("reply").querySelector("span").textContent = `↩ ${(message.text ?? message.caption ?? "…").slice(0, 60)}`;
  at("text").focus();
}

function stopAnswering() {
  state.reply = null;
  at("reply").hidden = true;
}

function draw(messages) {
  const box = at("messages");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const known = new Map([...box.children].map((node) => [node.dataset.id, node]));
  const last = box.lastElementChild?.dataset.id;
  let after = null;
  for (const message of messages) {
    const id = String(message.message_id);
    const seal = JSON.stringify(message);
    let node = known.get(id);
    if (node?.seal !== seal) {
      const fresh = show(message);
      fresh.seal = seal;
      if (node) node.replaceWith(fresh);
      else if (after) after.after(fresh);
      else box.prepend(fresh);
      node = fresh;
    }
    known.delete(id);
    after = node;
  }
  for (const gone of known.values()) gone.remove();
  if (low || box.lastElementChild?.dataset.id !== last) box.scrollTop = box.scrollHeight;
}

// Writing

const send = attempt(async (text) => {
  const told = { user: state.user, text };
  if (state.chat !== state.user) told.chat = state.chat;
  if (state.reply) told.reply_to = state.reply.message_id;
  stopAnswering();
  await ask("send", told);
});

function inlineQuery() {
  const name = `@${state.world.bot.username} `;
  const text = at("text").value;
  return text.toLowerCase().startsWith(name.toLowerCase()) ? text.slice(name.length) : null;
}

const search = attempt(async (query, offset) => {
  const turn = ++state.typed;
  const found = await ask("inline", { user: state.user, query, offset });
  if (turn !== state.typed || inlineQuery() === null) return;
  const box = at("inline");
  if (!offset) box.replaceChildren();
  box.hidden = false;
  if (found.button && !offset) {
    const head = box.appendChild(make("button", "", found.button.text));
    head.type = "button";
    head.addEventListener("click", attempt(async () => {
      closeInline();
      await ask("start", { user: state.user, payload: found.button.start_parameter ?? "" });
      enter(state.user);
    }));
  }
  for (const result of found.results) box.append(card(found.query, result));
  box.onscroll = () => {
    if (found.next_offset && box.scrollTop + box.clientHeight > box.scrollHeight - 60) {
      box.onscroll = null;
      search(query, found.next_offset);
    }
  };
});

function card(query, result) {
  const node = make("button");
  node.type = "button";
  const thumb = result.thumbnail_url ?? result.photo_url;
  if (thumb) { const image = node.appendChild(make("img")); image.src = thumb; image.alt = ""; }
  else node.append(make("span", "blank", "🔎"));
  const words = node.appendChild(make("span"));
  words.append(make("strong", "", result.title ?? ""), make("small", "", result.description ?? ""));
  node.addEventListener("click", attempt(async () => {
    closeInline();
    await ask("choose", { user: state.user, query, result: result.id, chat: state.chat });
  }));
  return node;
}

function closeInline() {
  at("inline").hidden = true;
  at("text").value = "";
  state.typed += 1;
}

function typed() {
  clearTimeout(typed.timer);
  const query = inlineQuery();
  if (query === null) { at("inline").hidden = true; return; }
  typed.timer = setTimeout(() => search(query, ""), 250);
}

function listCommands() {
  const box = at("commands");
  if (!box.hidden) { box.hidden = true; return; }
  const person = state.world.users.find((one) => one.id === state.user);
  const language = (person?.language_code ?? "").slice(0, 2);
  const scope = state.chat === state.user ? "all_private_chats" : "all_group_chats";
  const rank = (one) => (one.scope === scope ? 2 : one.scope === "default" ? 0 : -9)
    + (one.language === language ? 1 : one.language === "" ? 0 : -9);
  const best = [...state.world.commands].sort((a, b) => rank(b) - rank(a))[0];
  box.replaceChildren();
  for (const one of (best && rank(best) >= 0 ? best.commands : [])) {
    const node = box.appendChild(make("button"));
    node.type = "button";
    node.append(make("b", "", `/${one.command}`), make("span", "", one.description));
    node.addEventListener("click", () => { box.hidden = true; send(`/${one.command}`); });
  }
  box.hidden = !box.children.length;
}

// Who and where

function enter(chat) {
  state.chat = chat;
  state.revision = -1;
  state.left?.abort(); // the request that waits for news of the chat before
  at("chat").value = String(chat);
  at("messages").replaceChildren();
  at("inline").hidden = at("commands").hidden = true;
  stopAnswering();
  const room = state.world.chats.find((one) => one.id === chat);
  const private_ = chat === state.user;
  const title = private_ ? state.world.bot.first_name : room.title;
  at("title").textContent = title;
  at("face").textContent = [...title][0] ?? "?";
  at("state").textContent = private_ ? "bot" : room.type === "channel" ? "频道" : `群组 · ${room.members.length}`;
  at("write").hidden = room.type === "channel";
  location.hash = `${state.user},${chat}`;
}

function listChats() {
  const rooms = state.world.chats.filter((one) => one.type !== "private");
  const options = [[state.user, `🤖 ${state.world.bot.first_name}`],
    ...rooms.map((one) => [one.id, `${one.type === "channel" ? "📢" : "👥"} ${one.title}`])];
  at("chat").replaceChildren(...options.map(([id, name]) => {
    const option = make("option", "", name);
    option.value = String(id);
    return option;
  }));
}

async function watch() {
  for (;;) {
    const { chat, revision } = state;
    state.left = new AbortController();
    try {
      const asked = fetch(`/control/chats/${chat}?since=${revision}`, { signal: state.left.signal });
      const read = await (await asked).json();
      if (chat !== state.chat || revision !== state.revision) continue;
      state.revision = read.revision;
      draw(read.messages);
      if (chat === state.user) at("state").textContent = read.typing ? "…" : "bot";
      if (revision === -1) state.world = await ask("world");
    } catch (error) {
      if (error.name === "AbortError") continue;
      at("state").textContent = "离线";
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

async function begin() {
  state.world = await ask("world");
  at("user").replaceChildren(...state.world.users.map((one) => {
    const option = make("option", "", `${one.first_name}`);
    option.value = String(one.id);
    return option;
  }));
  const [user, chat] = location.hash.slice(1).split(",").map(Number);
  state.user = state.world.users.some((one) => one.id === user) ? user : state.world.users[0]?.id;
  if (state.user === undefined) { toast("nobody is here; make a user first"); return; }
  at("user").value = String(state.user);
  listChats();
  enter(state.world.chats.some((one) => one.id === chat) ? chat : state.user);
  watch();
}

at("user").addEventListener("change", () => {
  const before = state.user;
  state.user = Number(at("user").value);
  listChats();
  enter(state.chat === before ? state.user : state.chat);
});
at("chat").addEventListener("change", () => enter(Number(at("chat").value)));
at("text").addEventListener("input", typed);
at("menu").addEventListener("click", attempt(async () => { state.world = await ask("world"); listCommands(); }));
at("reply").querySelector("button").addEventListener("click", stopAnswering);
at("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("text").value.trim();
  if (!text || inlineQuery() !== null) return;
  at("text").value = "";
  send(text);
});
begin();
