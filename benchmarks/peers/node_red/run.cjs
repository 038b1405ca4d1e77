// The mapping in Node-RED, without its editor and without HTTP: node run.cjs flow.json MAPPING.json < in > out
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const RED = require("node-red");

const [flowPath, mappingPath] = process.argv.slice(2);
const UNDER_WAY = 10; // messages in the flow at once, so that no node waits for the next one
const BLOCK = 1 << 16; // characters written at once
const userDir = fs.mkdtempSync(path.join(os.tmpdir(), "node-red-"));

RED.init(null, {
  userDir,
  flowFile: path.resolve(flowPath),
  httpAdminRoot: false,
  httpNodeRoot: false,
  credentialSecret: false,
  logging: { stderr: { level: "error", handler: () => stopOn } },
  functionGlobalContext: { terms: JSON.parse(fs.readFileSync(mappingPath, "utf8")).lookups.terms.rows },
});

// A message that failed leaves the flow, and the last one would be waited for for ever.
function stopOn({ msg }) {
  console.error(String(msg));
  process.exit(1);
}

async function mapAll(lines) {
  let out = "";
  let begun = 0;
  let done = 0;
  const next = () => {
    if (begun < lines.length) RED.events.emit("node:orders", { payload: lines[begun++] });
  };
  await new Promise((resolve) => {
    RED.events.on("node:mapped", (msg) => {
      out += msg.payload + "\n";
      if (out.length > BLOCK) {
        process.stdout.write(out);
        out = "";
      }
      done += 1;
      if (done === lines.length) resolve();
      else next();
    });
    for (let i = 0; i < UNDER_WAY; i++) next();
    if (lines.length === 0) resolve();
  });
  process.stdout.write(out);
}

async function main() {
  const lines = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
  const started = new Promise((resolve) => RED.events.once("flows:started", resolve));
  await RED.start();
  await started;
  await mapAll(lines);
  await RED.stop();
  fs.rmSync(userDir, { recursive: true, force: true });
}

main().then(
  () => process.stdout.write("", () => process.exit(0)),
  (error) => {
    console.error(String(error));
    process.exit(1);
  },
);
