import { expect, type Page } from '@playwright/test';

/** What a Healdeck that watches nothing yet says on its overview. */
export class FirstRun {
  constructor(private readonly page: Page) {}

  async expectInvitation(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'Add your first watch' })).toBeVisible();
  }

  /** Follows the invitation to watch something that runs already. */
  async pickRunning(): Promise<void> {
    await this.page.getByRole('button', { name: 'Pick a running process' }).click();
    await expect(this.page.getByRole('tab', { name: 'Processes' })).toHaveAttribute('aria-selected', 'true');
  }
}
