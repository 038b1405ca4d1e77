// Bundles each test with the sources it is about and runs it under node:test; nothing is left behind.
//
//     node test.mjs [NAME…]

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const tests = readdirSync(join(here, "test"), { recursive: true })
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => !wanted.length || wanted.some((name) => file.includes(name)))
  .sort();
const folder = mkdtempSync(join(tmpdir(), "mapper-test-"));
try {
  await build({
    absWorkingDir: here,
    entryPoints: tests.map((file) => join("test", file)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    loader: { ".css": "text" },
    logLevel: "warning",
  });
  const built = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".mjs"));
  if (!built.length) throw new Error(`No test named ${wanted.join(" or ")} was found under ${basename(here)}/test.`);
  const files = built.sort().map((file) => join(folder, file));
  process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
