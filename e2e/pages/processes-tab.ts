import { expect, type Locator, type Page } from '@playwright/test';

/** All processes of the machine. */
export class ProcessesTab {
  constructor(
    private readonly page: Page,
    private readonly open: () => Promise<void>,
  ) {}

  async filter(text: string): Promise<void> {
    await this.open();
    await this.page.getByLabel('Filter processes').fill(text);
  }

  private row(pid: number): Locator {
    const cell = this.page.getByRole('cell').getByText(String(pid), { exact: true });
    return this.page.getByRole('table', { name: 'Processes' }).getByRole('row').filter({ has: cell });
  }

  async expectRow(pid: number): Promise<void> {
    await expect(this.row(pid)).toHaveCount(1);
  }

  /** Opens the details of a process and waits for a text in them. */
  async expectDetails(pid: number, text: string): Promise<void> {
    await this.row(pid).click();
    await expect(this.page.getByRole('dialog').getByText(text)).toBeVisible();
  }
}
