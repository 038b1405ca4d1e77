// Builds the one bundle, ../static/mapper-<hash>.js, and the notices of what is in it.
//
//     node build.mjs [--to FOLDER]
//
// The same sources give the same bytes: the hash is that of the bundle, and no date or path goes into it.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const to = process.argv.indexOf("--to");
const folder = to < 0 ? resolve(here, "../static") : resolve(process.argv[to + 1]);

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/index.ts"],
  outfile: "mapper.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // they stand in the notices
  loader: { ".css": "text" },
  metafile: true,
  write: false,
});
const bundle = outputFiles[0].contents;
const hash = createHash("sha256").update(bundle).digest("hex").slice(0, 12);
const name = `mapper-${hash}.js`;

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (/^mapper-[0-9a-f]+\.js$/.test(file)) rmSync(join(folder, file));
writeFileSync(join(folder, name), bundle);
writeFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), notices(Object.keys(metafile.inputs), here));
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`${name}: ${kilobytes(bundle.length)}, ${kilobytes(gzipSync(bundle, { level: 9 }).length)} compressed`);
