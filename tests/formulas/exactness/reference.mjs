// Answers pairs of formula and record with jsonata-js: one JSON line in, {"f", "r"}; one JSON line out.
//
// {"value": …} | {"missing": true} | {"function": true} | {"code": "T2001"}, and beside it, where they hold:
//   "endless": true    an infinite or undefined number came up on the way
//   "changed": true    the record was changed while the formula ran
//   "in_order": {…}    the answer when lists and objects are made one item after the other: jsonata-js makes them
//                      side by side, so of two items that fail either may be the one that is reported
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import jsonata from "jsonata";

const notes = { endless: false };
globalThis.noteNumber = (value) => {
  if (typeof value === "number" && !Number.isFinite(value)) notes.endless = true;
  return value;
};

// The same evaluator with two changes in its text; a version whose text is another one is refused here.
const CHANGES = [
  [
    `await Promise.all(expr.expressions
                    .map(async (item, idx) => {
                        environment.isParallelCall = idx > 0
                        return [item, await evaluate(item, input, environment)]
                    }));`,
    `[];
                for (const item of expr.expressions) generators.push([item, await evaluate(item, input, environment)]);`,
  ],
  [
    `let generators = await Promise.all(utils.keys(groups).map(async (key, idx) => {
            let entry`,
    `const made = [];
        for (const key of utils.keys(groups)) made.push(await (async (key, idx) => {
            let entry`,
  ],
  [
    `return [key, await evaluate(expr.lhs[entry.exprIndex][1], context, env)];
        }));

        for (let generator of generators) {`,
    `return [key, await evaluate(expr.lhs[entry.exprIndex][1], context, env)];
        })(key, 0));

        for (let generator of made) {`,
  ],
  [
    `result = lhs % rhs;
                break;
        }
        return result;`,
    `result = lhs % rhs;
                break;
        }
        return noteNumber(result);`,
  ],
  [
    `if (isPromise(result)) {
                    result = await result;
                }
            } else if (typeof proc === 'function') {`,
    `if (isPromise(result)) {
                    result = await result;
                }
                noteNumber(result);
            } else if (typeof proc === 'function') {`,
  ],
];

function watched() {
  let text = readFileSync(new URL("node_modules/jsonata/jsonata.js", import.meta.url), "utf8");
  for (const [from, to] of CHANGES) {
    if (text.split(from).length !== 2) throw new Error("this is not the jsonata that the changes are for");
    text = text.replace(from, () => to);
  }
  const module = { exports: {} };
  new Function("module", "exports", text)(module, module.exports);
  return module.exports;
}

const inOrder = watched();

function holdsFunction(value) {
  if (typeof value === "function") return true;
  if (value === null || typeof value !== "object") return false;
  if (value._jsonata_lambda || value._jsonata_function) return true;
  return Object.values(value).some(holdsFunction);
}

async function answer(engine, formula, record) {
  try {
    const value = await engine(formula).evaluate(record);
    if (value === undefined) return { missing: true };
    if (holdsFunction(value)) return { function: true };
    return { value };
  } catch (error) {
    return { code: error.code ?? `${error.name}` };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { f, r } = JSON.parse(line);
  const given = JSON.parse(line).r;
  const found = await answer(jsonata, f, given);
  if (JSON.stringify(given) !== JSON.stringify(r)) found.changed = true;
  notes.endless = false;
  const ordered = await answer(inOrder, f, r);
  if (notes.endless) found.endless = true;
  const { changed, endless, ...plain } = found;
  if (JSON.stringify(plain) !== JSON.stringify(ordered)) found.in_order = ordered;
  process.stdout.write(JSON.stringify(found) + "\n");
}
