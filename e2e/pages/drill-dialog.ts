import { expect, type Locator, type Page } from '@playwright/test';

/** The drill, over whatever is shown. */
export class DrillDialog {
  constructor(private readonly page: Page) {}

  private get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Drill: prove that healing works' });
  }

  async expectOpen(): Promise<void> {
    await expect(this.dialog).toBeVisible();
  }

  /** Runs these scenarios and no other. */
  async run(...scenarios: readonly string[]): Promise<void> {
    await this.dialog.getByRole('checkbox', { name: 'All', exact: true }).uncheck();
    for (const name of scenarios) await this.dialog.getByRole('checkbox', { name, exact: true }).check();
    await this.dialog.getByRole('button', { name: /^Run \d+ scenario/ }).click();
  }

  /** Waits until a scenario stands so: "Running", "Passed". */
  async expectState(scenario: string, state: string, timeout = 120_000): Promise<void> {
    const row = this.dialog.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: scenario }) });
    await expect(row.getByText(state, { exact: true })).toBeVisible({ timeout });
  }

  /** When a scenario was detected, healed and mailed, as it is shown. */
  async times(scenario: string): Promise<string[]> {
    const row = this.dialog.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: scenario }) });
    const cells = await row.getByRole('cell').allInnerTexts();
    return cells.slice(1, 4);
  }

  async expectVerdict(verdict: RegExp): Promise<void> {
    await expect(this.dialog.getByRole('status')).toHaveText(verdict, { timeout: 120_000 });
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).click();
    await expect(this.dialog).toBeHidden();
  }
}
