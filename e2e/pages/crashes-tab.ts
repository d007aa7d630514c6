import { expect, type Locator, type Page } from '@playwright/test';

/** The crashes: their list, and what is known of one. */
export class CrashesTab {
  constructor(
    private readonly page: Page,
    private readonly openTab: () => Promise<void>,
  ) {}

  private rows(words: string): Locator {
    const table = this.page.getByRole('table', { name: 'Crashes' });
    return table
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell') })
      .filter({ hasText: words });
  }

  private get details(): Locator {
    return this.page.getByRole('dialog', { name: /^Crash [0-9a-f]+$/ });
  }

  /** Waits until the list has so many crashes. */
  async expectCount(count: number): Promise<void> {
    await this.openTab();
    await expect(this.rows('')).toHaveCount(count);
  }

  /** Waits until the crash with these words in its row is listed once, and occurred that often. */
  async expectTimes(words: string, times: number): Promise<void> {
    await this.openTab();
    await expect(this.rows(words)).toHaveCount(1);
    await expect(this.rows(words).getByRole('cell').nth(2)).toHaveText(String(times));
  }

  /** Lists only the crashes with these words; none: all. */
  async search(words: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Search crashes' }).fill(words);
  }

  /** Opens the crash with these words in its row. */
  async open(words: string): Promise<void> {
    await this.openTab();
    await this.rows(words).click();
    await expect(this.details).toBeVisible();
  }

  /** Waits until the open crash shows this somewhere. */
  async expectShown(text: RegExp): Promise<void> {
    await expect(this.details).toContainText(text);
  }

  /** Waits until the last lines of the open crash's standard error have this. */
  async expectStack(text: RegExp): Promise<void> {
    await expect(this.details.getByRole('region', { name: 'Standard error' })).toContainText(text);
  }

  /** The days of the open crash as a screen reader reads them: "3 May: 4 times". */
  days(): Promise<string[]> {
    return this.details.getByRole('list', { name: 'Days with this crash' }).getByRole('listitem').allInnerTexts();
  }

  /** Follows the open crash to its newest incident. */
  async openNewestIncident(): Promise<void> {
    await this.details.getByRole('link', { name: /^\d+$/ }).first().click();
    await expect(this.page.getByRole('dialog', { name: /^Incident \d+$/ })).toBeVisible();
  }

  /** Follows the open incident to the crash whose title has these words. */
  async openFromIncident(words: string): Promise<void> {
    await this.page
      .getByRole('dialog', { name: /^Incident \d+$/ })
      .getByRole('link', { name: words })
      .click();
    await expect(this.details).toBeVisible();
  }
}
