// Draws what search.js finds into the page, as text only: a name is never read as markup.
const index = JSON.parse(document.getElementById("index").textContent);
const searched = keys(index);
const AT_ONCE = 20;
const field = document.getElementById("words");
const list = document.getElementById("found");
const told = document.getElementById("told");
let shown = AT_ONCE;

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

function day(text) {
  return text ? text.split("-").reverse().join("/") : "–";
}

function card(row) {
  const [number, product, entity, stars, place, status, until, file] = row;
  const [kind, vi, en] = index.statuses[status];
  const item = element("li");
  const link = element("a", "card");
  link.href = `cn/${file || number.toLowerCase()}.html`;
  link.append(element("b", "", product), element("span", "stars", "★".repeat(stars)));
  link.append(element("span", "", [entity, index.places[place]].filter(Boolean).join(" · ")));
  link.append(element("span", "number", number));
  const standing = element("span", `standing ${kind}`, vi);
  const english = element("i", "", ` ${en}`);
  english.lang = "en";
  standing.append(english);
  if (kind === "good") standing.append(document.createTextNode(` → ${day(until)}`));
  link.append(standing);
  item.append(link);
  return item;
}

function draw() {
  const found = search(searched, field.value);
  list.replaceChildren(...found.slice(0, shown).map((position) => card(index.rows[position])));
  told.textContent = found.length ? `${found.length} / ${index.rows.length}` : told.dataset.none;
  document.getElementById("more").hidden = found.length <= shown;
  document.documentElement.dataset.ready = String(found.length);
}

field.addEventListener("input", () => {
  shown = AT_ONCE;
  draw();
});
document.getElementById("more").addEventListener("click", () => {
  shown += AT_ONCE;
  draw();
});
document.getElementById("finder").hidden = false;
field.value = decodeURIComponent(location.hash.slice(1)) || field.value;
draw();
