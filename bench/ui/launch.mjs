/** From the start of the program to the first frame with data of the engine in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron } from '@playwright/test';
import { ROOT } from '../../scripts/lib/project.mjs';

const LIMIT_MS = 1500;

/**
 * Runs in the page: notes the wall time, in ms, of the frame in which the window says that it is connected. It has data then:
 * both come with the first snapshot.
 */
function notePaint() {
  const note = () => document.documentElement.setAttribute('data-painted-at', String(Date.now()));
  const poll = () =>
    document.querySelector('[aria-label="State of the engine"]')?.textContent?.includes('Connected')
      ? requestAnimationFrame(note)
      : requestAnimationFrame(poll);
  poll();
}

/** The noted time. The page may go elsewhere before: the address with the token leads to the one without. */
async function paintedAt(page) {
  return Number(await page.locator('html[data-painted-at]').getAttribute('data-painted-at'));
}

function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(HEALDECK_|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(kept), HEALDECK_NO_DIALOG: '1' };
}

async function inFolder(measure) {
  const dataDir = mkdtempSync(join(tmpdir(), 'hd-'));
  try {
    return await measure(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The headless engine, shown by a browser that is open already. */
function headlessLaunch(browser) {
  return inFolder(async (dataDir) => {
    const page = await browser.newPage();
    await page.addInitScript(notePaint);
    const startedAt = Date.now();
    const args = [join(ROOT, 'bin/healdeck.js'), 'run', '--headless', '--port', '0', '--data-dir', dataDir];
    const engine = spawn(process.execPath, args, { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(engine, 'exit');
    try {
      for await (const line of createInterface({ input: engine.stdout })) {
        const url = /is ready: (http:\S+)/.exec(line)?.[1];
        if (url === undefined) continue;
        await page.goto(url, { waitUntil: 'commit' });
        return (await paintedAt(page)) - startedAt;
      }
      throw new Error('the engine ended before it was ready');
    } finally {
      await page.close();
      engine.kill('SIGTERM');
      await ended;
    }
  });
}

/** The window of the desktop app; Playwright's own connection to it is part of the time. */
function electronLaunch(executablePath) {
  return inFolder(async (dataDir) => {
    const startedAt = Date.now();
    const args = ['--no-sandbox', ROOT, '--data-dir', dataDir];
    const app = await _electron.launch({ executablePath, args, cwd: ROOT, env: environment() });
    try {
      const page = await app.firstWindow();
      await page.evaluate(notePaint);
      return (await paintedAt(page)) - startedAt;
    } finally {
      await app.close();
    }
  });
}

async function median(runs, launch) {
  const times = [];
  for (let run = 0; run < runs; run += 1) times.push(await launch());
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Infinity;
}

/** Rows of the report; that of Electron only where `electron`, its program, is given and there is a display. */
export async function measureLaunch({ browser, electron, runs, say }) {
  const row = (shell, value) => ({ name: `First paint with data, ${shell}`, unit: 'ms', value, atMost: LIMIT_MS });
  const rows = [row('browser', await median(runs, () => headlessLaunch(browser)))];
  if (electron === null) say('No Electron to measure: set ELECTRON_OVERRIDE_DIST_PATH and DISPLAY.');
  else rows.push(row('Electron', await median(runs, () => electronLaunch(electron))));
  return rows;
}
