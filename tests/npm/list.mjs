// Prints what feedsmith, a feed parser of the Node world, reads in a document: node list.mjs FILE
import { readFileSync } from "node:fs";
import { parseFeed } from "feedsmith";

const { format, feed } = parseFeed(readFileSync(process.argv[2], "utf8"));
const shown = (feed.items ?? feed.entries).map((item) => ({
  id: item.guid?.value ?? item.id,
  title: item.title?.value ?? item.title,
  text: item.description ?? item.summary?.value ?? item.summary,
  updated: item.updated ?? item.atom?.updated ?? item.date_modified ?? item.published ?? item.date_published,
  link: item.link ?? item.links?.[0]?.href ?? item.url,
  authors: item.authors ?? item.dc?.creators,
}));
console.log(JSON.stringify({ format, shown }));
