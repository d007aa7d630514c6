import { expect, test } from '@playwright/test';
import { Dashboard } from '../pages/dashboard';

// The fake engine's busy world has what a story can't make in a moment: every state, and dialogs and drawers full of data.
for (const scheme of ['light', 'dark'] as const) {
  test(`everything that opens in a busy world can be used by everybody, in ${scheme} colours`, async () => {
    test.setTimeout(180_000);
    const { launchChromium, serveHarness } = await import('../../scripts/lib/harness.mjs');
    const { PICTURES } = await import('../../scripts/lib/pictures.mjs');
    const harness = await serveHarness();
    const browser = await launchChromium();
    try {
      for (const { name, hash, open } of PICTURES) {
        const page = await browser.newPage({
          ...{ viewport: { width: 1180, height: 780 }, colorScheme: scheme, reducedMotion: 'reduce' },
        });
        const dashboard = new Dashboard(page);
        await page.goto(harness.url({}, hash));
        await dashboard.expectLive();
        await open?.(page);
        expect.soft(await dashboard.accessibilityViolations(), name).toEqual([]);
        await page.close();
      }
    } finally {
      await browser.close();
      await harness.close();
    }
  });
}
