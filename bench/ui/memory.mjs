/** Whether a window that is left open all day grows: two hours of driven time, through all views, over and over. */

const GROWTH_LIMIT_PERCENT = 10;
const STEP_MS = 2000;
const TICKS_PER_VIEW = 50;
const VIEWS = [
  ...['overview', 'processes', 'watches', 'watches/00000000-0000-4000-8000-000000000013', 'incidents', 'crashes'],
  ...['anomalies', 'cooldowns', 'alerts', 'log'],
];

export async function measureMemory({ browser, harness, say, ticks }) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const startAt = new Date(Date.UTC(2026, 10, 26, 8)).toISOString();
  await page.goto(harness.url({ processes: '500', interval: '0', at: startAt, step: String(STEP_MS) }));
  await page.getByText('Connected', { exact: true }).waitFor();
  const cdp = await page.context().newCDPSession(page);

  /** Bytes in use on the overview, once what can be freed is. */
  const heapBytes = async () => {
    await page.evaluate(() => void (window.location.hash = '#/overview'));
    await page.evaluate(() => window.fake.drive(5));
    for (let round = 0; round < 3; round += 1) await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };

  const samples = [];
  let done = 0;
  while (done < ticks) {
    for (const view of VIEWS) {
      await page.evaluate((hash) => void (window.location.hash = `#/${hash}`), view);
      await page.evaluate((count) => window.fake.drive(count), TICKS_PER_VIEW);
      done += TICKS_PER_VIEW;
    }
    // Things happen meanwhile, too.
    await page.evaluate(() => window.fake.kill('web'));
    samples.push(await heapBytes());
    say(`after ${((done * STEP_MS) / 60_000).toFixed(0)} min of driven time: ${(samples.at(-1) / 1e6).toFixed(1)} MB`);
  }
  await page.close();
  const [, early = samples[0]] = samples;
  const growth = (100 * (samples.at(-1) - early)) / early;
  const hours = ((done * STEP_MS) / 3_600_000).toFixed(1);
  return [{ name: `Growth of the heap over ${hours} h`, unit: '%', value: growth, atMost: GROWTH_LIMIT_PERCENT }];
}
