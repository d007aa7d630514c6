import { expect, type Locator, type Page } from '@playwright/test';

/** What is done with the keyboard alone: the palette, the help sheet and single keys. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  private get palette(): Locator {
    return this.page.getByRole('combobox', { name: 'Find a command' });
  }

  /** Finds a command by typing and does it; `title` is what must be the first that is found. */
  async command(query: string, title: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await expect(this.palette).toBeFocused();
    await this.page.keyboard.type(query);
    await expect(this.page.getByRole('option', { selected: true })).toContainText(title);
    await this.page.keyboard.press('Enter');
    await expect(this.palette).toBeHidden();
  }

  /** The first commands of the palette without a word typed; it is closed again. */
  async firstCommand(): Promise<string> {
    await this.page.keyboard.press('Control+k');
    const first = await this.page.getByRole('option', { selected: true }).innerText();
    await this.page.keyboard.press('Escape');
    await expect(this.palette).toBeHidden();
    return first;
  }

  /** Opens what lies over the views. */
  async open(what: 'palette' | 'help' | 'drill'): Promise<void> {
    if (what === 'drill') await this.command('run drill', 'Run the drill');
    else await this.page.keyboard.press(what === 'palette' ? 'Control+k' : '?');
    await expect(this.page.getByRole('dialog')).toBeVisible();
  }

  /** Closes it again. */
  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByRole('dialog')).toBeHidden();
  }

  /** Types at once, without a look at where the focus is. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async expectView(title: string): Promise<void> {
    await expect(this.page.getByRole('tab', { name: title, exact: true })).toHaveAttribute('aria-selected', 'true');
  }

  async expectFocus(name: string): Promise<void> {
    await expect(this.page.getByRole('textbox', { name })).toBeFocused();
  }

  /** Asks for the help sheet, looks for a line of it, and closes it. */
  async expectHelp(line: string): Promise<void> {
    const sheet = this.page.getByRole('dialog', { name: 'Keyboard shortcuts and symbols' });
    await this.page.keyboard.press('?');
    await expect(sheet.getByText(line, { exact: true })).toBeVisible();
    await this.page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  }

  async expectDialog(name: string): Promise<void> {
    await expect(this.page.getByRole('dialog', { name })).toBeVisible();
  }
}
