// The licences of all that is bundled, and of the fonts beside it, as one text.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FIRST = `What the browser is sent beside the studio's own code, and under which licences.
`;
const LINE = "=".repeat(78);

// Copied once by hand from the npm packages named here; their files are unchanged.
const FONTS = [
  ["Inter, variable (fonts/inter-latin*.woff2; from @fontsource-variable/inter 5.3.0)", "inter-OFL.txt"],
  ["JetBrains Mono, variable (fonts/jetbrains-mono-latin*.woff2; from @fontsource-variable/jetbrains-mono 5.3.0)", "jetbrains-mono-OFL.txt"],
];

/** The folders of the packages that the bundle's inputs come from, sorted. */
export function packagesOf(inputs) {
  const found = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

function section(title, file) {
  const text = readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
  return `${LINE}\n${title}\n${LINE}\n\n${text}\n`;
}

function ofPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).sort().find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence text: leave it out, or add its text here.`);
  return section(`${name} ${version} (${license})`, join(folder, file));
}

/** The whole text, for the inputs of esbuild's metafile; `root` is this folder. */
export function notices(inputs, root) {
  const packages = packagesOf(inputs).map((folder) => ofPackage(join(root, folder)));
  const fonts = FONTS.map(([title, file]) => section(`${title} (OFL-1.1)`, join(root, "../static/fonts", file)));
  return [FIRST, ...packages, ...fonts].join("\n");
}
