// Runs search.js over an index of a published page. Usage: node run_search.js search.js < {index, typed, texts}
// Prints {found: positions for each typed text, folded: keys of the texts}.
"use strict";
const fs = require("fs");
const vm = require("vm");

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const world = {};
vm.runInNewContext(fs.readFileSync(process.argv[2], "utf8"), world);
const searched = world.keys(asked.index);
const found = asked.typed.map((words) => world.search(searched, words));
console.log(JSON.stringify({ found, folded: asked.texts.map(world.fold) }));
