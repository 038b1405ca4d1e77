// The licences of all that is bundled, and of the fonts beside it, as one text.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FIRST = `What the browser is sent beside the studio's own code, and under which licences.
`;
const LINE = "=".repeat(78);

/** The folders of the packages that the bundle's inputs come from, sorted. */
export function packagesOf(inputs) {
  const found = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence text: leave it out, or add its text here.`);
  return `${LINE}\n${name} ${version} (${license})\n${LINE}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

/** The whole text, for the inputs of esbuild's metafile; paths are taken from `root`. */
export function notices(inputs, root) {
  const parts = packagesOf(inputs).map((folder) => noticeOf(join(root, folder)));
  return `${[FIRST, ...parts].join("\n").replaceAll("\r\n", "\n")}`;
}
