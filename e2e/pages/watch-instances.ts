import { expect, type Locator, type Page } from '@playwright/test';
import type { TabName } from './tabs';

/** The instances of watches in the table. */
export class WatchInstances {
  constructor(
    private readonly page: Page,
    private readonly open: (tab: TabName) => Promise<void>,
  ) {}

  private fold(watch: string): Locator {
    return this.page.getByRole('rowheader').getByRole('button', { name: watch, exact: true });
  }

  private head(watch: string): Locator {
    return this.page
      .getByRole('table', { name: 'Watches' })
      .getByRole('row')
      .filter({ has: this.fold(watch) });
  }

  /** The words beside the name of a watch with instances. */
  async expectState(watch: string, text: string): Promise<void> {
    await this.open('Watches');
    await expect(this.head(watch).getByText(text, { exact: true })).toBeVisible();
  }

  async scale(watch: string, direction: 'more' | 'fewer'): Promise<void> {
    await this.head(watch)
      .getByRole('button', { name: `One instance of ${watch} ${direction}`, exact: true })
      .click();
  }

  async expectNoMore(watch: string): Promise<void> {
    await expect(
      this.head(watch).getByRole('button', { name: `One instance of ${watch} more`, exact: true }),
    ).toBeDisabled();
  }

  /** Restarts all, one after the other, until that is announced. */
  async roll(watch: string): Promise<void> {
    await this.head(watch)
      .getByRole('button', { name: `Restart ${watch} one after another`, exact: true })
      .click();
    await expect(this.page.getByText(`Restarted ${watch}`, { exact: true })).toBeVisible();
  }

  /** Folds the instances of a watch, or unfolds them, with the keyboard. */
  async toggle(watch: string): Promise<void> {
    await this.fold(watch).focus();
    await this.page.keyboard.press('Enter');
  }

  /** Allows another number, in the editor that any of them opens. */
  async allow(watch: string, instances: string): Promise<void> {
    await this.page
      .getByRole('button', { name: `Edit ${watch}`, exact: true })
      .first()
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${watch}` });
    await dialog.getByLabel('Instances', { exact: true }).fill(instances);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
  }
}
