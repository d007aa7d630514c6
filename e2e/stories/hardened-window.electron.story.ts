import { expect, test } from '../fixtures/test';

// The refusals are what is tested: those of the page's policy are no complaints here.
test.use({ refusals: 'expected' });

test('the window reaches nothing but its own engine', async ({ healdeck }) => {
  await healdeck.dashboard.expectLive();
  expect(await healdeck.desktop.attempts()).toEqual({
    open: 'null',
    fetch: 'refused',
    geolocation: 'denied',
    require: 'undefined undefined shell,chooseDirectory',
    navigate: 'healdeck://dashboard/',
  });
  // Playwright waits for the navigation that was refused; the page itself goes on.
  await expect.poll(() => healdeck.desktop.pageText()).toContain('Connected');
});

test('the window gets the directory that somebody chooses, and nothing else', async ({ healdeck }) => {
  const { dashboard, desktop } = healdeck;
  await dashboard.expectLive();
  await desktop.chooseDirectory('/srv/shop');
  await dashboard.watches.browse('/srv/shop');
  await desktop.chooseDirectory(null);
  await dashboard.watches.browse('/srv/shop');
});
