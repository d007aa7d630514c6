import { expect, type Page } from '@playwright/test';

/** The log: every event, the newest first. */
export class LogTab {
  constructor(
    private readonly page: Page,
    private readonly open: () => Promise<void>,
  ) {}

  /** Waits for an event of a type (in words: "Crash detected") of a watch. */
  async expectEvent(type: string, watch: string): Promise<void> {
    await this.open();
    const rows = this.page.getByRole('table', { name: 'Events' }).getByRole('row');
    const cell = (text: string) => this.page.getByRole('cell').getByText(text, { exact: true });
    await expect(
      rows
        .filter({ has: cell(type) })
        .filter({ has: cell(watch) })
        .first(),
    ).toBeVisible();
  }
}
