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

  /** What stands in a column of the row of a watch. */
  private async cell(name: string, column: string): Promise<Locator> {
    const table = this.page.getByRole('table', { name: 'Watches' });
    await expect(table).toBeVisible();
    // Narrow windows hide a column; it is counted all the same.
    const headers = await table.locator('th').allTextContents();
    const index = headers.findIndex((header) => header.trim().startsWith(column));
    expect(index, `a column "${column}" among ${headers.join(', ')}`).not.toBe(-1);
    return this.row(name).locator('td').nth(index);
  }

  /** `word` as it is shown: Running, Stopped, … */
  async expectState(name: string, word: string): Promise<void> {
    await this.open('Watches');
    await expect(await this.cell(name, 'State')).toHaveText(word);
  }

  async expectRestarts(name: string, restarts: number): Promise<void> {
    await this.open('Overview');
    await expect(await this.cell(name, 'Restarts')).toHaveText(String(restarts));
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
