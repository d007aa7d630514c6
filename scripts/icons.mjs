/** Draws the PNG icons in resources/icons from their SVGs, with a Chromium: `node scripts/icons.mjs [path of chromium]`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { findChromium } from './lib/test-host.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../resources/icons');
const DRAWINGS = [
  ...[16, 24, 32, 48, 64, 128, 256, 512].map((size) => ({ svg: 'icon.svg', png: `icon-${size}.png`, size })),
  ...['tray', 'tray-down', 'tray-troubled'].flatMap((name) => [
    { svg: `${name}.svg`, png: `${name}.png`, size: 22 },
    { svg: `${name}.svg`, png: `${name}@2x.png`, size: 44 },
  ]),
  ...['trayTemplate', 'trayAlertTemplate'].flatMap((name) => [
    { svg: `${name}.svg`, png: `${name}.png`, size: 18 },
    { svg: `${name}.svg`, png: `${name}@2x.png`, size: 36 },
  ]),
];

const browser = await chromium.launch({
  executablePath: process.argv[2] ?? findChromium(),
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage();
  for (const { svg, png, size } of DRAWINGS) {
    await page.setViewportSize({ width: size, height: size });
    const source = Buffer.from(readFileSync(join(folder, svg))).toString('base64');
    await page.setContent(
      `<style>body{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="data:image/svg+xml;base64,${source}">`,
    );
    writeFileSync(join(folder, png), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
