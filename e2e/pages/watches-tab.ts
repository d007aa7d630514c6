import { expect, type Locator, type Page } from '@playwright/test';
import type { TabName } from './dashboard';

/** The watches: their definitions, and on the overview how they are. */
export class WatchesTab {
  constructor(
    private readonly page: Page,
    private readonly open: (tab: TabName) => Promise<void>,
  ) {}

  /** The row of a watch on the tab that is open. */
  private row(name: string): Locator {
    const title = this.page.getByRole('button', { name, exact: true });
    return this.page.getByRole('table', { name: 'Watches' }).getByRole('row').filter({ has: title });
  }

  /** `word` as it is shown: Running, Stopped, … */
  async expectState(name: string, word: string): Promise<void> {
    await this.open('Watches');
    await expect(this.row(name).getByText(word, { exact: true })).toBeVisible();
  }

  async expectRestarts(name: string, restarts: number): Promise<void> {
    await this.open('Overview');
    const table = this.page.getByRole('table', { name: 'Watches' });
    const headers = await table.getByRole('columnheader', { includeHidden: true }).allInnerTexts();
    const column = headers.findIndex((header) => header.startsWith('Restarts'));
    expect(column, `a column "Restarts" among ${headers.join(', ')}`).toBeGreaterThan(0);
    await expect(this.row(name).getByRole('cell', { includeHidden: true }).nth(column)).toHaveText(String(restarts));
  }

  async expectNone(name: string): Promise<void> {
    await this.open('Watches');
    await expect(this.row(name)).toHaveCount(0);
  }

  async add(watch: { name: string; command: string; directory: string }): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByLabel('Name').fill(watch.name);
    await dialog.getByLabel('Command line').fill(watch.command);
    await dialog.getByLabel('Directory').fill(watch.directory);
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
  }

  /** One of the buttons in the row of a watch. */
  async press(action: 'Start' | 'Stop' | 'Restart', name: string): Promise<void> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `${action} ${name}`, exact: true })
      .click();
  }

  async remove(name: string): Promise<void> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `Remove ${name}`, exact: true })
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Remove ${name}?` });
    await dialog.getByRole('button', { name: 'Remove watch' }).click();
    await expect(dialog).toBeHidden();
  }
}
