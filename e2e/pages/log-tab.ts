import { expect, type Locator, type Page } from '@playwright/test';

/** The log: every event, the newest first. */
export class LogTab {
  constructor(
    private readonly page: Page,
    private readonly openTab: () => Promise<void>,
  ) {}

  /** The newest event of a type (in words: "Crash detected") of a watch. */
  private row(type: string, watch: string): Locator {
    const rows = this.page.getByRole('table', { name: 'Events' }).getByRole('row');
    const cell = (text: string) => this.page.getByRole('cell').getByText(text, { exact: true });
    return rows
      .filter({ has: cell(type) })
      .filter({ has: cell(watch) })
      .first();
  }

  /** Waits for an event of a type of a watch. */
  async expectEvent(type: string, watch: string): Promise<void> {
    await this.openTab();
    await expect(this.row(type, watch)).toBeVisible();
  }

  /** Waits until there is no event of a type of a watch. */
  async expectNoEvent(type: string, watch: string): Promise<void> {
    await this.openTab();
    await expect(this.row(type, watch)).toBeHidden();
  }

  /** Opens the details of an event. */
  async open(type: string, watch: string): Promise<void> {
    await this.openTab();
    await this.row(type, watch).click();
    await expect(this.page.getByRole('dialog')).toBeVisible();
  }

  async search(text: string): Promise<void> {
    await this.openTab();
    await this.page.getByRole('textbox', { name: 'Search the log' }).fill(text);
  }

  /** Lets these types through (in words); however many they are, the filter stays as high as it was. */
  async filterByTypes(...types: readonly string[]): Promise<void> {
    await this.openTab();
    const filter = this.page.getByRole('combobox', { name: 'Types' });
    const topOfTable = async () => (await this.page.getByRole('table', { name: 'Events' }).boundingBox())?.y;
    const before = await topOfTable();
    await filter.click();
    for (const type of types) await this.page.getByRole('option', { name: type, exact: true }).click();
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByText(`${types.length} types`, { exact: true })).toBeVisible();
    expect(await topOfTable()).toBe(before);
  }

  async allTypes(): Promise<void> {
    await this.page.getByLabel('All types', { exact: true }).click();
  }

  /** Leads to a local time, as a field for times takes it. */
  async jumpTo(time: string): Promise<void> {
    await this.openTab();
    await this.page.getByLabel('Jump to time').fill(time);
  }

  async backToNow(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to now' }).click();
  }

  async expectNothing(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'No matching events' })).toBeVisible();
  }

  /** Saves what is filtered. */
  async export(format: 'CSV' | 'JSON'): Promise<void> {
    await this.page.getByRole('button', { name: 'Export' }).click();
    await this.page.getByRole('menuitem', { name: `All matching events as ${format}` }).click();
  }

  /** Waits for a text in the details that are open. */
  async expectDetail(text: RegExp): Promise<void> {
    await expect(this.page.getByRole('dialog').getByText(text).first()).toBeVisible();
  }
}
