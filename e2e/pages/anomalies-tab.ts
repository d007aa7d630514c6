import { expect, type Locator, type Page } from '@playwright/test';

/** The anomalies: the timeline, and the table of findings. */
export class AnomaliesTab {
  constructor(
    private readonly page: Page,
    private readonly openTab: () => Promise<void>,
  ) {}

  private rows(watch: string, kind: string): Locator {
    const rows = this.page.getByRole('table', { name: 'Findings' }).getByRole('row');
    return rows.filter({ hasText: watch }).filter({ has: this.page.getByText(kind, { exact: true }) });
  }

  /** Waits for a finding of a watch; the kind is in words: "CPU limit". */
  async expectFinding(watch: string, kind: string): Promise<void> {
    await this.openTab();
    await expect(this.rows(watch, kind).first()).toBeVisible({ timeout: 60_000 });
  }

  /** Lets only one kind through. */
  async filterByKind(kind: string): Promise<void> {
    await this.page.getByPlaceholder('All kinds').click();
    await this.page.getByRole('option', { name: kind, exact: true }).click();
    await this.page.keyboard.press('Escape');
  }

  async expectNone(): Promise<void> {
    await expect(this.page.getByText('No matching findings')).toBeVisible();
  }

  /** Takes back the kind that was chosen last. */
  async clearKind(): Promise<void> {
    await this.page.getByLabel('Kinds', { exact: true }).last().press('Backspace');
    await this.page.keyboard.press('Escape');
  }

  /** How many findings the timeline says it shows. */
  async onTimeline(): Promise<number> {
    const label = await this.page.getByRole('img', { name: /^Timeline of/ }).getAttribute('aria-label');
    return Number(/^Timeline of ([\d,]+) finding/.exec(label ?? '')?.[1]?.replaceAll(',', '') ?? Number.NaN);
  }

  /** Moves the timeline by its keys. */
  async press(key: string, times = 1): Promise<void> {
    const timeline = this.page.getByRole('img', { name: /^Timeline of/ });
    for (let time = 0; time < times; time++) await timeline.press(key);
  }

  /** Opens the newest finding of a watch, and waits for the readings it was judged by. */
  async openEvidence(watch: string, kind: string): Promise<string> {
    await this.rows(watch, kind).first().click();
    const chart = this.page.getByRole('dialog').getByRole('img', { name: /readings, the last/ });
    await expect(chart).toBeVisible();
    return (await chart.getAttribute('aria-label')) ?? '';
  }
}
