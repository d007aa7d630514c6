/** Whether large worlds move as smoothly as an empty page does on the same machine, in the same minute. */
import { traced } from './trace.mjs';

const VIEWPORT = { width: 1440, height: 900 };
const SECONDS = 6;
/** Software rendering and a busy machine slow an empty page, too: this share of its rate must be left. */
const KEPT_SHARE = 0.95;
/** From here on a task is long: https://www.w3.org/TR/longtasks-1/ */
const LONG_TASK_MS = 50;

/** As many moves of the pointer or turns of the wheel as a hand makes. */
async function forSeconds(page, seconds, move) {
  const end = performance.now() + seconds * 1000;
  for (let step = 0; performance.now() < end; step += 1) {
    await move(step);
    await page.waitForTimeout(16);
  }
}

const LOADS = [
  {
    name: '2,000 processes, scrolled',
    hash: 'processes',
    ready: '[data-index]',
    act: async (page) => {
      await page.mouse.move(800, 500);
      await forSeconds(page, SECONDS, (step) => page.mouse.wheel(0, step % 200 < 100 ? 90 : -90));
    },
  },
  {
    name: '2,000 processes as a tree, scrolled',
    hash: 'processes',
    ready: '[data-index]',
    open: (page) => page.getByText('Tree', { exact: true }).click(),
    act: async (page) => {
      await page.mouse.move(800, 500);
      await forSeconds(page, SECONDS, (step) => page.mouse.wheel(0, step % 200 < 100 ? 90 : -90));
    },
  },
  {
    name: '10,000 findings, dragged',
    hash: 'anomalies',
    ready: 'canvas',
    act: async (page) => {
      const { x, y, width } = await page.locator('canvas').first().boundingBox();
      await page.mouse.move(x + width / 2, y + 20);
      await page.mouse.down();
      await forSeconds(page, SECONDS, (step) => page.mouse.move(x + width / 2 + Math.sin(step / 20) * 300, y + 20));
      await page.mouse.up();
    },
  },
  {
    name: '10,000 findings, zoomed',
    hash: 'anomalies',
    ready: 'canvas',
    act: async (page) => {
      const { x, y, width } = await page.locator('canvas').first().boundingBox();
      await page.mouse.move(x + width / 2, y + 20);
      await page.keyboard.down('Control');
      await forSeconds(page, SECONDS, (step) => page.mouse.wheel(0, step % 80 < 40 ? -60 : 60));
      await page.keyboard.up('Control');
    },
  },
];

/** A page with nothing on it that moves at each frame, while the wheel is turned. */
async function floorOf(browser) {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.setContent('<body style="height: 20000px"><div id="dot" style="position: fixed">.</div></body>');
  await page.evaluate(() => {
    const move = (at) => {
      document.getElementById('dot').style.left = `${at % 500}px`;
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  });
  await page.mouse.move(800, 500);
  const floor = await traced(page, () =>
    forSeconds(page, SECONDS / 2, (step) => page.mouse.wheel(0, step % 200 < 100 ? 90 : -90)),
  );
  await page.close();
  return floor;
}

/** Rows of the report: frames, dropped frames and the longest task of each load. */
export async function measureFrames({ browser, harness, say }) {
  const rows = [];
  for (const { name, hash, ready, open, act } of LOADS) {
    const before = await floorOf(browser);
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.goto(harness.url({ processes: '2000', findings: '10000', interval: '1000' }, hash));
    await page.waitForSelector(ready);
    await open?.(page);
    await page.waitForTimeout(2500);
    const load = await traced(page, () => act(page));
    await page.close();
    const after = await floorOf(browser);
    const floor = Math.min(before.framesPerSecond, after.framesPerSecond);
    const work = `${load.frameWorkMs.toFixed(0)} ms of work in a frame (CPU, p95), what can wait included`;
    say(`${name}: ${load.framesPerSecond.toFixed(1)} frames a second, an empty page ${floor.toFixed(1)}; ${work}`);
    rows.push(
      { name: `${name}: frames a second`, value: load.framesPerSecond, atLeast: KEPT_SHARE * Math.min(60, floor) },
      {
        ...{ name: `${name}: dropped frames`, unit: '%', value: load.droppedShare * 100 },
        atMost: 100 * (Math.max(before.droppedShare, after.droppedShare) + 1 - KEPT_SHARE),
      },
      { name: `${name}: longest task (CPU)`, unit: 'ms', value: load.longestTaskMs, atMost: LONG_TASK_MS },
    );
  }
  return rows;
}
