import { expect, test, type Browser, type BrowserContext } from '@playwright/test';
import { Dashboard } from '../pages/dashboard';
import { TABS } from '../pages/tabs';

// The fake engine's busy world has what a story can't make in a moment: every state, and dialogs and drawers full of data.
let harness: { url(parameters: Record<string, string>, hash?: string): string; close(): Promise<void> };
let browser: Browser;
let context: BrowserContext;

/** Each page draws in a process of its own. */
const PAGES_AT_ONCE = 3;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const { launchChromium, serveHarness } = await import('../../scripts/lib/harness.mjs');
  harness = await serveHarness();
  browser = await launchChromium();
  // One for all pages: what was compiled for one need not be for the next.
  context = await browser.newContext({ viewport: { width: 1180, height: 780 }, reducedMotion: 'reduce' });
  await context.addInitScript(() => localStorage.clear());
});

test.afterAll(async () => {
  await browser.close();
  await harness.close();
});

test('everything that opens in a busy world can be used by everybody, in light and in dark colours', async () => {
  test.setTimeout(900_000);
  const { PICTURES } = await import('../../scripts/lib/pictures.mjs');
  const waiting = [...PICTURES];
  const judge = async (): Promise<void> => {
    for (let picture = waiting.shift(); picture !== undefined; picture = waiting.shift()) {
      const { name, hash, open } = picture;
      const page = await context.newPage();
      const dashboard = new Dashboard(page);
      // Time stands still: nothing is drawn anew while it is judged.
      await page.goto(harness.url({ interval: '0' }, hash));
      await dashboard.expectLive();
      await open?.(page);
      // What lies behind a dialog is a picture of its own.
      expect.soft(await dashboard.accessibilityViolations('front'), `${name}, light`).toEqual([]);
      await dashboard.colours('dark');
      expect.soft(await dashboard.colourViolations('front'), `${name}, dark`).toEqual([]);
      await page.close();
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, judge));
});

test('everything grows with the text size of the browser, and fits', async () => {
  const page = await context.newPage();
  const dashboard = new Dashboard(page);
  // Time stands still: what is measured is not replaced meanwhile.
  await page.goto(harness.url({ interval: '0' }));
  await dashboard.expectLive();
  const normal = await dashboard.sizes();
  await dashboard.textSize(32);
  const doubled = Object.fromEntries(Object.entries(normal).map(([name, size]) => [name, 2 * size]));
  await expect.poll(() => dashboard.sizes()).toEqual(doubled);
  // The smallest text of all, that of a key, is 10 px high at the normal size.
  for (const tab of TABS) {
    await dashboard.open(tab);
    expect.soft(await dashboard.layoutFaults(20), tab).toEqual([]);
  }
  await page.close();
});

test('a window has room for the watches of a small server', async () => {
  const page = await context.newPage();
  const dashboard = new Dashboard(page);
  await page.goto(harness.url({ interval: '0' }));
  await dashboard.expectLive();
  expect(await dashboard.watchesInView(1440, 900)).toBeGreaterThanOrEqual(15);
  expect(await dashboard.watchesInView(1024, 700)).toBeGreaterThanOrEqual(10);
  expect(await dashboard.watchesInView(900, 600)).toBeGreaterThanOrEqual(8);
  // On a phone the first of them stand above the charts, and nothing is cut.
  expect(await dashboard.watchesInView(390, 844)).toBeGreaterThanOrEqual(5);
  expect(await dashboard.cutButtons()).toEqual([]);
  expect(await dashboard.layoutFaults(10)).toEqual([]);
  await page.close();
});
