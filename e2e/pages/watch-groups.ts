import { expect, type Locator, type Page } from '@playwright/test';
import type { TabName } from './tabs';

/** The groups in the tables of watches. */
export class WatchGroups {
  constructor(
    private readonly page: Page,
    private readonly open: (tab: TabName) => Promise<void>,
  ) {}

  /** Divides the tables into groups. */
  async arrange(): Promise<void> {
    await this.open('Watches');
    await this.page.getByRole('radiogroup', { name: 'Group by' }).getByText('Groups', { exact: true }).click();
    await expect(this.page.getByRole('radio', { name: 'Groups' })).toBeChecked();
  }

  /** The head of a group. */
  private head(group: string): Locator {
    return this.page
      .getByRole('table', { name: 'Watches' })
      .getByRole('row')
      .filter({ has: this.fold(group) });
  }

  private fold(group: string): Locator {
    return this.page.getByRole('rowheader').getByRole('button', { name: group, exact: true });
  }

  /** The words beside the name of a group, on the tab that is open. */
  async expectState(group: string, text: string): Promise<void> {
    await expect(this.head(group).getByText(text, { exact: true })).toBeVisible();
  }

  /** Presses a button in the head of a group. */
  async press(action: 'Start' | 'Stop' | 'Restart', group: string): Promise<void> {
    await this.head(group)
      .getByRole('button', { name: `${action} group ${group}`, exact: true })
      .click();
  }

  /** Chooses from the menu in the head of a group. */
  async choose(item: string, group: string): Promise<void> {
    await this.head(group)
      .getByRole('button', { name: `More for group ${group}`, exact: true })
      .click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Folds a group, or unfolds it, with the keyboard. */
  async toggle(group: string): Promise<void> {
    await this.fold(group).focus();
    await this.page.keyboard.press('Enter');
  }

  /** The names of the watches that are listed, in their order. */
  async expectListed(...names: readonly string[]): Promise<void> {
    const boxes = this.page.getByRole('table', { name: 'Watches' }).getByRole('checkbox', { name: /^Choose (?!all)/ });
    await expect
      .poll(() => boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label')?.replace('Choose ', ''))))
      .toEqual(names);
  }

  /** Puts a watch into a group, in the editor. */
  async join(watch: string, group: string): Promise<void> {
    await this.page
      .getByRole('button', { name: `Edit ${watch}`, exact: true })
      .first()
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${watch}` });
    await dialog.getByLabel('Groups', { exact: true }).fill(group);
    await this.page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
  }
}
