// The mapping as one expression on jsonata-js: node jsonata_js.mjs EXPRESSION.jsonata FLOW.json < in > out
import { readFileSync } from "node:fs";
import jsonata from "jsonata";

const [expressionPath, flowPath] = process.argv.slice(2);
const expression = jsonata(readFileSync(expressionPath, "utf8"));
expression.assign("terms", JSON.parse(readFileSync(flowPath, "utf8")).lookups.terms.rows);

const BLOCK = 1 << 16; // characters written at once
let out = "";
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (!line) continue;
  out += JSON.stringify(await expression.evaluate(JSON.parse(line))) + "\n";
  if (out.length > BLOCK) {
    process.stdout.write(out);
    out = "";
  }
}
process.stdout.write(out);
