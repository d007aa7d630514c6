import { expect, type Locator, type Page } from '@playwright/test';

/** The cooldowns: the budget of each watch, and the history. */
export class CooldownsTab {
  constructor(
    private readonly page: Page,
    private readonly open: () => Promise<void>,
  ) {}

  private budget(watch: string): Locator {
    const rows = this.page.getByRole('table', { name: 'Restart budgets' }).getByRole('row');
    return rows.filter({ has: this.page.getByRole('button', { name: watch, exact: true }) });
  }

  /** Waits until a watch counts down; a loop with its delays takes some time until then. */
  async expectCooling(watch: string): Promise<void> {
    await this.open();
    await expect(this.budget(watch).getByText(/\d:\d\d left/)).toBeVisible({ timeout: 60_000 });
  }

  /** Makes a cooldown longer; `by` as in the menu: "30 min". */
  async extend(watch: string, by: string): Promise<void> {
    await this.page.getByRole('button', { name: `Extend the cooldown of ${watch}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: `by ${by}`, exact: true }).click();
  }

  /** Ends all cooldowns, after the question whether that is meant; returns the names in the question. */
  async resetAll(): Promise<string[]> {
    await this.open();
    await this.page.getByRole('button', { name: 'Reset all cooldowns' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Reset all cooldowns?' });
    const items = dialog.getByRole('listitem');
    await expect(items.first()).toBeVisible();
    const names = await items.allInnerTexts();
    await dialog.getByRole('button', { name: 'Reset all', exact: true }).click();
    await expect(dialog).toBeHidden();
    return names;
  }

  /** Waits for a line of the history. */
  async expectTrip(watch: string, ended: RegExp): Promise<void> {
    const rows = this.page.getByRole('table', { name: 'Past cooldowns' }).getByRole('row');
    await expect(rows.filter({ hasText: watch }).filter({ hasText: ended }).first()).toBeVisible();
  }
}
