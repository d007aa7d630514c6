#!/usr/bin/env node
'use strict';

// Before anything else: SIGUSR1 would open Node's inspector, which lets every user of this machine run code in here.
process.on('SIGUSR1', () => undefined);

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const bundle = join(__dirname, '..', 'out', 'main', 'cli.js');
if (existsSync(bundle)) {
  require(bundle);
} else {
  process.stderr.write('healdeck: it is not built yet; run: npm start (or: npm run build)\n');
  process.exitCode = 1;
}
