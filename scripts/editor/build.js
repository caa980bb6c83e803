// Build the editor's core into one ES module with its licences beside it: `node build.js FOLDER`.
// The same lock file gives the same bytes: nothing in them tells of the time, the machine or the place.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

const NAME = "editor_core";
const MODULES = "node_modules/";

/** style-mod makes a <style> element in a document, which the page's policy (style-src 'self') forbids, and adopts a
 *  constructed style sheet in a shadow root, which it allows. Here it does so in a document too. */
const adoptedStyles = {
  name: "adopted-styles",
  setup(/** @type {import("esbuild").PluginBuild} */ building) {
    building.onLoad({ filter: /style-mod\/src\/style-mod\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const pieces = source.split("!root.head && root.adoptedStyleSheets");
      if (pieces.length !== 2) throw new Error("style-mod has changed: see whether it still makes a <style> element.");
      return { contents: pieces.join("root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

/** @param {string} path A file of a package in the bundle. @returns {string} The package's name. */
function packageOf(path) {
  const [scope, name] = path.slice(path.lastIndexOf(MODULES) + MODULES.length).split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

/** @param {string} name @returns {string} What its licence asks to be told, under its name and version. */
function licence(name) {
  const folder = join(MODULES, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (license !== "MIT" || !file) throw new Error(`${name} is not under the MIT licence: ${license}, ${file}`);
  return `## ${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

const [folder] = process.argv.slice(2);
const { outputFiles, metafile } = await build({
  entryPoints: ["core.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `// CodeMirror 6, built by scripts/vendor_editor. Licences: ${NAME}.LICENSE.txt` },
  plugins: [adoptedStyles],
  metafile: true,
  write: false,
});
const [{ contents }] = outputFiles;
const [{ inputs }] = Object.values(metafile.outputs);
const used = Object.entries(inputs).filter(([path, { bytesInOutput }]) => path.includes(MODULES) && bytesInOutput);
const names = [...new Set(used.map(([path]) => packageOf(path)))].sort();
const sum = createHash("sha256").update(contents).digest("hex");
writeFileSync(join(folder, `${NAME}.js`), contents);
writeFileSync(
  join(folder, `${NAME}.LICENSE.txt`),
  `${NAME}.js holds parts of the following packages, built into one file by scripts/vendor_editor.\n` +
    `sha256 ${sum}\n\n${names.map(licence).join("\n")}`,
);
