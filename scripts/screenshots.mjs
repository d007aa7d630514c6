// Pictures of the dashboard, of a world that is the same in every run.
//   npm run screenshots -- [folder] [--only overview,log] [--scenarios busy,empty] [--sizes 1440x900] [--schemes light]
//   npm run screenshots -- --readme      those of the README, into resources/screenshots
// They are for looking at, not for comparing by pixel: fonts differ from machine to machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decode, encode } from 'fast-png';
import { launchChromium, serveHarness } from './lib/harness.mjs';
import { PICTURES } from './lib/pictures.mjs';
import { ROOT } from './lib/project.mjs';

/** A Thursday evening. */
const AT = '2026-11-26T18:04:30Z';
/** So many readings stand in the curves before the picture is taken. */
const TICKS = 40;
const STEP_MS = 2000;
/** The same pixels in every run: painted by one thread, and each tile as a whole. */
const ONE_PAINTER = [
  '--force-color-profile=srgb',
  '--num-raster-threads=1',
  '--disable-partial-raster',
  '--disable-gpu',
];
const LARGEST_README_BYTES = 200_000;
const README = [
  { picture: 'overview', scheme: 'light' },
  { picture: 'incident', scheme: 'light' },
  { picture: 'processes-tree', scheme: 'dark' },
  { picture: 'alerts', scheme: 'light' },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    scenarios: { type: 'string', default: 'busy,empty,storm,hostile,offline,gone' },
    sizes: { type: 'string', default: '900x600,1440x900,3840x2160' },
    schemes: { type: 'string', default: 'light,dark' },
    readme: { type: 'boolean', default: false },
  },
});
const folder = values.readme
  ? join(ROOT, 'resources/screenshots')
  : resolve(positionals[0] ?? join(ROOT, 'out/screenshots'));

/** The pictures that were asked for, each with its file. */
function wanted() {
  if (values.readme) {
    return README.map(({ picture, scheme }) => ({
      ...{ picture: PICTURES.find(({ name }) => name === picture), scenario: 'busy', size: '1440x900', scheme },
      file: `${picture}.png`,
    }));
  }
  const only = values.only?.split(',');
  const scenarios = new Set(values.scenarios.split(','));
  return values.sizes.split(',').flatMap((size) =>
    values.schemes.split(',').flatMap((scheme) =>
      PICTURES.filter(({ name }) => only?.includes(name) ?? true).flatMap((picture) =>
        (picture.scenarios ?? ['busy'])
          .filter((scenario) => scenarios.has(scenario))
          .map((scenario) => ({
            ...{ picture, scenario, size, scheme },
            file: `${picture.name}-${scenario}-${size}-${scheme}.png`,
          })),
      ),
    ),
  );
}

/** Takes one picture; its file. */
async function take(browser, harness, { picture, scenario, size, scheme }) {
  const [width, height] = size.split('x').map(Number);
  const context = await browser.newContext({
    ...{
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    },
  });
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${picture.name}: ${error.message}`));
    const startAt = new Date(Date.parse(AT) - TICKS * STEP_MS).toISOString();
    const world = scenario === 'gone' ? 'busy' : scenario;
    await page.goto(harness.url({ scenario: world, interval: '0', at: startAt, step: String(STEP_MS) }, picture.hash));
    // What is followed is followed from the first tick on.
    await settle(page);
    await page.evaluate((ticks) => window.fake.drive(ticks), scenario === 'offline' ? 0 : TICKS);
    if (scenario === 'gone') {
      await page.evaluate(() => {
        window.fake.setDown(true);
        window.fake.dropLink();
      });
    }
    await picture.open?.(page);
    await settle(page);
    return await page.screenshot();
  } finally {
    await context.close();
  }
}

/** Until nothing in the page has changed for a while. */
async function settle(page) {
  await page.evaluate(
    ({ quietMs, longestMs }) =>
      new Promise((resolve) => {
        let timer = setTimeout(resolve, quietMs);
        setTimeout(resolve, longestMs);
        const changes = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, quietMs);
        });
        changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      }),
    { quietMs: 600, longestMs: 6000 },
  );
}

/** The same picture in as few bytes as PNG allows, without the opacity that a screenshot has everywhere. */
function smaller(png) {
  const { width, height, data } = decode(png);
  const rgb = new Uint8Array(width * height * 3);
  const channels = data.length / (width * height);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) rgb.set(data.subarray(from, from + 3), to);
  return encode({ width, height, data: rgb, channels: 3, depth: 8 }, { zlib: { level: 9 } });
}

const [harness, browser] = await Promise.all([serveHarness(), launchChromium(ONE_PAINTER)]);
try {
  mkdirSync(folder, { recursive: true });
  for (const one of wanted()) {
    const png = await take(browser, harness, one);
    const written = values.readme ? [png, smaller(png)].toSorted((a, b) => a.length - b.length)[0] : png;
    if (values.readme && written.length > LARGEST_README_BYTES)
      throw new Error(`${one.file} has ${written.length} bytes; at most ${LARGEST_README_BYTES} are wanted`);
    writeFileSync(join(folder, one.file), written);
    console.log(join(folder, one.file));
  }
} finally {
  await browser.close();
  await harness.close();
}
