/** What the screenshots show: places of the dashboard, and what is opened there. */

const row = (page) => page.locator('[data-index]').first();
const button = (page, name) => page.getByRole('button', { name }).first();
/** A part of the details of a watch. */
const part = (page, name) => page.getByRole('dialog').getByRole('tab', { name, exact: true }).click();

/**
 * Every view and what can be opened over it; `scenarios` that show it, `busy` where nothing else is said. `offline`: the engine was
 * never reached; `gone`: it was, and is no longer.
 */
export const PICTURES = [
  { name: 'overview', hash: 'overview', scenarios: ['busy', 'empty', 'storm', 'hostile', 'offline', 'gone'] },
  {
    name: 'overview-charts',
    hash: 'overview',
    open: (page) => page.getByRole('region', { name: 'Machine' }).getByRole('button').click(),
  },
  {
    name: 'overview-comfortable',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Columns and rows').click();
      await page.getByRole('menuitemradio', { name: 'Comfortable rows' }).click();
    },
  },
  { name: 'processes', hash: 'processes', scenarios: ['busy', 'hostile', 'gone'] },
  { name: 'processes-tree', hash: 'processes', open: (page) => page.getByText('Tree', { exact: true }).click() },
  { name: 'process', hash: 'processes', open: (page) => row(page).click() },
  {
    name: 'process-kill',
    hash: 'processes',
    open: async (page) => {
      await row(page).click();
      await button(page, 'Kill…').click();
      // The dialog is whole once it lists what would end.
      await page.getByRole('region', { name: 'Processes that would end' }).waitFor();
    },
  },
  { name: 'processes-past', hash: 'processes', open: (page) => button(page, 'Earlier incident').click() },
  { name: 'watches', hash: 'watches', scenarios: ['busy', 'empty', 'hostile', 'gone'] },
  { name: 'watch', hash: 'watches/00000000-0000-4000-8000-000000000013', scenarios: ['busy', 'gone'] },
  {
    name: 'watch-disk',
    hash: 'watches/00000000-0000-4000-8000-000000000004',
    open: (page) => page.getByRole('img', { name: /^Disk writes of database/ }).scrollIntoViewIfNeeded(),
  },
  { name: 'watch-cooldown', hash: 'overview/00000000-0000-4000-8000-000000000003' },
  { name: 'watch-same-crash', hash: 'watches/00000000-0000-4000-8000-000000000008' },
  { name: 'watch-edit', hash: 'watches', open: (page) => button(page, 'Edit web').click() },
  {
    name: 'watch-probes',
    hash: 'watches/00000000-0000-4000-8000-000000000013',
    open: (page) => page.getByRole('list', { name: 'Probes of this watch' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'watch-edit-probe',
    hash: 'watches',
    open: async (page) => {
      await button(page, 'Edit web').click();
      await button(page, 'health Readiness').click();
      await button(page, 'Try health').click();
      await page.getByText('passed in 12 ms').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'watch-output',
    hash: 'watches/00000000-0000-4000-8000-000000000013',
    open: async (page) => {
      await part(page, 'Output');
      await page.getByRole('log', { name: 'Output of web' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'watch-history',
    hash: 'watches/00000000-0000-4000-8000-000000000013',
    open: (page) => part(page, 'History'),
  },
  {
    name: 'watch-settings',
    hash: 'watches/00000000-0000-4000-8000-000000000013',
    open: (page) => part(page, 'Settings'),
  },
  {
    name: 'watches-chosen',
    hash: 'watches',
    open: async (page) => {
      for (const name of ['api', 'cache', 'crawler'])
        await page.getByRole('checkbox', { name: `Choose ${name}` }).click();
    },
  },
  { name: 'graph', hash: 'graph', scenarios: ['busy', 'empty', 'hostile', 'gone'] },
  {
    name: 'graph-observed',
    hash: 'graph',
    open: async (page) => {
      await page.getByRole('switch', { name: 'What sockets show' }).click();
      await page.getByRole('button', { name: 'Accept all 3' }).waitFor();
    },
  },
  {
    name: 'graph-evidence',
    hash: 'graph',
    open: async (page) => {
      await page.getByRole('switch', { name: 'What sockets show' }).click();
      await button(page, 'Observed: database connects to web').click();
      await page.getByText('Not acceptable').last().waitFor();
    },
  },
  {
    name: 'graph-table',
    hash: 'graph',
    open: async (page) => {
      await button(page, 'As a table').click();
      await page.getByRole('table', { name: 'Dependencies in the order of starts' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'graph-edge',
    hash: 'graph',
    open: (page) => button(page, 'Edit dependency: web starts after api is ready').click(),
  },
  {
    name: 'overview-groups',
    hash: 'overview',
    scenarios: ['busy', 'hostile'],
    open: async (page) => {
      await page.getByRole('radiogroup', { name: 'Group by' }).getByText('Groups').click();
      await page.getByRole('table', { name: 'Watches' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'watches-groups',
    hash: 'watches',
    scenarios: ['busy', 'hostile'],
    open: async (page) => {
      await page.getByRole('radiogroup', { name: 'Group by' }).getByText('Groups').click();
      await page
        .getByRole('button', { expanded: true })
        .filter({ hasText: /^(?:search|G+)$/ })
        .click();
    },
  },
  { name: 'watches-import', hash: 'watches', open: (page) => button(page, 'Import').click() },
  {
    name: 'watches-remove',
    hash: 'watches',
    open: async (page) => {
      for (const name of ['web', 'metrics']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
      await button(page, 'Remove 2').click();
    },
  },
  { name: 'watch-stopped', hash: 'watches', open: (page) => button(page, 'Stop metrics').click() },
  {
    name: 'watches-stop',
    hash: 'watches',
    open: async (page) => {
      for (const name of ['web', 'metrics']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
      await button(page, 'Stop 2').click();
      await page.getByRole('region', { name: 'Processes that would end' }).waitFor();
    },
  },
  { name: 'watch-add', hash: 'overview', open: (page) => button(page, 'Add watch').click() },
  {
    name: 'watch-add-shell',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Add watch').click();
      await page.getByRole('textbox', { name: 'Command line' }).fill('node ~/shop/api.mjs | tee $HOME/api.log');
    },
  },
  {
    name: 'watch-add-wrong',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Add watch').click();
      await page.getByRole('textbox', { name: 'Directory' }).fill('shop');
      await page.getByRole('dialog').getByRole('button', { name: 'Add watch' }).click();
    },
  },
  {
    name: 'watch-find',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Add watch').click();
      await page.getByRole('radiogroup', { name: 'Kind of target' }).getByText('Running process').click();
      await page.getByRole('textbox', { name: 'Search running processes' }).fill('node');
    },
  },
  {
    name: 'watch-found',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Add watch').click();
      await page.getByRole('radiogroup', { name: 'Kind of target' }).getByText('Running process').click();
      await page.getByRole('textbox', { name: 'Search running processes' }).fill('node');
      await page.getByRole('list', { name: 'Processes that fit' }).getByRole('button').first().click();
    },
  },
  {
    name: 'watch-limits',
    hash: 'watches',
    open: async (page) => {
      await button(page, 'Edit web').click();
      await page.getByRole('textbox', { name: 'Memory limit' }).fill('300 MB');
    },
  },
  {
    name: 'watch-discard',
    hash: 'watches',
    open: async (page) => {
      await button(page, 'Edit web').click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('shop');
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'watch-forbid',
    hash: 'overview',
    open: async (page) => {
      await button(page, 'Add watch').click();
      await page.getByRole('radiogroup', { name: 'Kind of target' }).getByText('Must not run').click();
      await page.getByRole('radio', { name: 'Command line' }).check();
      await page.getByRole('textbox', { name: 'Expression' }).fill('node');
      await page.getByText('will be ended').waitFor();
    },
  },
  { name: 'incidents', hash: 'incidents', scenarios: ['busy', 'empty', 'hostile'] },
  {
    name: 'incident',
    hash: 'incidents',
    open: (page) => page.getByRole('row').filter({ hasText: 'search' }).first().click(),
  },
  {
    name: 'incident-crash',
    hash: 'incidents',
    open: (page) => page.getByRole('row').filter({ hasText: 'Recovered' }).first().click(),
  },
  { name: 'crashes', hash: 'crashes', scenarios: ['busy', 'empty', 'hostile'] },
  { name: 'crash', hash: 'crashes', scenarios: ['busy', 'hostile'], open: (page) => row(page).click() },
  { name: 'anomalies', hash: 'anomalies', scenarios: ['busy', 'empty', 'hostile'] },
  { name: 'anomaly', hash: 'anomalies', open: (page) => row(page).click() },
  { name: 'cooldowns', hash: 'cooldowns', scenarios: ['busy', 'empty', 'storm', 'gone'] },
  { name: 'cooldowns-reset', hash: 'cooldowns', open: (page) => button(page, 'Reset all').click() },
  { name: 'alerts', hash: 'alerts', scenarios: ['busy', 'empty', 'storm'] },
  { name: 'alerts-rules', hash: 'alerts/rules' },
  { name: 'alerts-templates', hash: 'alerts/templates' },
  { name: 'alerts-outbox', hash: 'alerts/outbox', scenarios: ['busy', 'empty'] },
  { name: 'alerts-mutes', hash: 'alerts/mutes', scenarios: ['busy', 'empty'] },
  { name: 'settings', hash: 'settings', scenarios: ['busy', 'empty'] },
  { name: 'log', hash: 'log', scenarios: ['busy', 'empty', 'hostile', 'gone'] },
];
