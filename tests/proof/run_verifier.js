// Runs the script of verify.html over a bundle and altered forms of it; one verdict a line on stdout.
// Usage: node run_verifier.js verify.html KEY BUNDLE…; BUNDLE@PLACE:MASK is the bundle with these bits of a byte turned.
"use strict";
const fs = require("fs");
const vm = require("vm");

const html = fs.readFileSync(process.argv[2], "utf8");
const code = /<script id="verifier">([\s\S]*?)<\/script>/.exec(html)[1];
const world = { TextEncoder, TextDecoder, atob, btoa };
vm.runInNewContext(`${code};globalThis.verdict = verdict`, world);
for (const named of process.argv.slice(4)) {
  const [, file, place, mask] = /^(.*?)(?:@(\d+):(\d+))?$/.exec(named);
  const data = Uint8Array.from(fs.readFileSync(file));
  if (place !== undefined) data[Number(place)] ^= Number(mask);
  console.log(JSON.stringify(world.verdict(data, process.argv[3])));
}
