/** How long it takes from a click or a key to the frame that shows its effect (Event Timing; INP is made of the same). */

const LIMIT_MS = 100;
/** A walk that did less than this has not found what it wanted to press. */
const FEWEST_INTERACTIONS = 40;

/** Runs in the page before its own scripts: keeps the longest event of each interaction. */
function observe() {
  window.benchInteractions = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration, name, target } of list.getEntries()) {
      if (!interactionId || duration <= (window.benchInteractions.get(interactionId)?.duration ?? 0)) continue;
      const what = target?.getAttribute?.('aria-label') ?? target?.textContent?.slice(0, 40) ?? '';
      window.benchInteractions.set(interactionId, { duration, name, what });
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
}

/** Through all views: each is opened, sorted, filtered, its first row opened and closed again. */
async function walk(page) {
  const press = async (locator) => {
    const first = locator.first();
    if (!(await first.isVisible())) return;
    await first.click();
    await page.waitForTimeout(350);
  };
  const key = async (name) => {
    await page.keyboard.press(name);
    await page.waitForTimeout(350);
  };
  const views = page.getByRole('tablist', { name: 'Views' }).getByRole('tab');
  for (const view of await views.all()) {
    await press(view);
    await press(page.locator('[role=columnheader] button').nth(2));
    await press(page.locator('main [data-index]'));
    await key('Escape');
    await press(page.locator('main table tbody button'));
    await key('Escape');
    await press(page.locator('main [role=radiogroup]').last().locator('label').last());
    await press(page.locator('main [role=radiogroup]').last().locator('label'));
  }
  await press(views.nth(1));
  await press(page.getByText('Tree', { exact: true }));
  await press(page.getByLabel('Filter processes'));
  for (const letter of 'node') await key(letter);
  await press(page.getByRole('button', { name: 'Add watch' }));
  await key('Escape');
}

/** The interaction that INP names: the longest, and of each 50 one less. */
export function nextPaint(interactions) {
  const sorted = interactions.toSorted((a, b) => b.duration - a.duration);
  return sorted[Math.floor(interactions.length / 50)] ?? { duration: 0, name: '', what: '' };
}

export async function measureClicks({ browser, harness, say }) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(observe);
  await page.goto(harness.url({ processes: '2000', findings: '10000', interval: '1000' }));
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.waitForTimeout(2000);
  await walk(page);
  const interactions = await page.evaluate(() => [...window.benchInteractions.values()]);
  const presses = await page.evaluate(() => performance.interactionCount ?? 0);
  await page.close();
  const slowest = nextPaint(interactions);
  say(`${presses} clicks and keys; slow was ${slowest.name} on “${slowest.what}”`);
  if (presses < FEWEST_INTERACTIONS)
    throw new Error(`expected a walk of ${FEWEST_INTERACTIONS} clicks, did ${presses}`);
  return [{ name: 'Answer to a click (INP)', unit: 'ms', value: slowest.duration, atMost: LIMIT_MS }];
}
