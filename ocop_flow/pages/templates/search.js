// Searching certificates without diacritics. Nothing here touches the page: tests run this file in Node.js.
"use strict";

// The same key as ocop_flow.domain.names.fold: lower case, no diacritics, d for đ, single spaces.
function fold(text) {
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, "")
    .replace(/[đðɖ]/g, "d").replace(/\s+/g, " ").trim();
}

// What is searched of each certificate; rows are [number, product, entity, stars, place, …], see publishing.
function keys(index) {
  return index.rows.map((row) => fold([row[0], row[1], row[2], index.places[row[4]]].join(" ")));
}

// Positions of the rows that hold every typed word, in the order of the index; all of them if nothing is typed.
function search(searched, typed) {
  const words = fold(typed).split(" ").filter(Boolean);
  const found = [];
  searched.forEach((key, position) => {
    if (words.every((word) => key.includes(word))) found.push(position);
  });
  return found;
}
