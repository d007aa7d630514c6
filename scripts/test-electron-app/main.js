'use strict';
/**
 * What `electron <folder>` does, for a runtime that comes without Electron's own default app: the first argument that is
 * no switch is the folder of the app; the app gets its name, version and path from the package.json there.
 */
const { app } = require('electron');
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stderr.write('usage: electron [switches] <folder of the app> [arguments]\n');
  process.exit(2);
}
const root = resolve(folder);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const name = manifest.productName ?? manifest.name;
app.setName(name);
app.setVersion(manifest.version);
app.setPath('userData', join(app.getPath('appData'), name));
app.setAppPath(root);
require(join(root, manifest.main));
