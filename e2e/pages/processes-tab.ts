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

  /** As a list, or as a tree. */
  async arrange(arrangement: 'List' | 'Tree'): Promise<void> {
    await this.open();
    await this.page.getByRole('radiogroup', { name: 'Arrangement' }).getByText(arrangement, { exact: true }).click();
    await expect(this.table()).toHaveRole(arrangement === 'Tree' ? 'treegrid' : 'grid');
  }

  private table(): Locator {
    return this.page.locator('[aria-label="Processes"][aria-rowcount]');
  }

  private row(pid: number): Locator {
    const cell = this.page.getByRole('gridcell').getByText(String(pid), { exact: true });
    return this.table().getByRole('row').filter({ has: cell });
  }

  async expectRow(pid: number): Promise<void> {
    await expect(this.row(pid)).toHaveCount(1);
  }

  async expectNoRow(pid: number): Promise<void> {
    await expect(this.row(pid)).toHaveCount(0);
  }

  /** Where a process stands in the tree, once it does. */
  async level(pid: number): Promise<number> {
    await this.expectRow(pid);
    return Number(await this.row(pid).getAttribute('aria-level'));
  }

  /** Presses a key on the row of a process. */
  async press(pid: number, key: string): Promise<void> {
    await this.row(pid).press(key);
  }

  /** The pids that are shown, from top to bottom. */
  async pids(): Promise<number[]> {
    const rows = this.table().locator('[data-index]');
    const cells = await rows.evaluateAll((all) =>
      all
        .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
        .map((row) => row.children[1]?.textContent ?? ''),
    );
    return cells.map(Number);
  }

  /** Whether a process is open in the tree, folded, or has no children. */
  async expectFold(pid: number, fold: 'open' | 'folded'): Promise<void> {
    await expect(this.row(pid)).toHaveAttribute('aria-expanded', String(fold === 'open'));
  }

  /** Opens the details of a process and waits for a text in them. */
  async expectDetails(pid: number, text: string): Promise<void> {
    await this.row(pid).click();
    await expect(this.page.getByRole('dialog').getByText(text).first()).toBeVisible();
  }

  async closeDetails(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  /** In the details: the first button of a name. */
  async pressInDetails(name: string): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  }

  /** From the row of a process to a watch of it that can start it again; `onProposal` before it is accepted. */
  async startWatching(pid: number, name: string, onProposal: () => Promise<void>): Promise<void> {
    await this.row(pid).click();
    await this.pressInDetails('Watch this…');
    const editor = this.page.getByRole('dialog', { name: 'Add a watch' });
    await editor.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await expect(editor.getByRole('status', { name: 'Processes that match now' })).toContainText(String(pid));
    const past = editor.getByRole('status', { name: 'What these limits would have done' });
    await expect(past).toHaveText(new RegExp(`^Recorded of .* \\(pid ${pid}\\) alone: `));
    await onProposal();
    await editor.getByRole('button', { name: 'Add watch' }).click();
    await expect(editor).toBeHidden();
  }

  private editor(): Locator {
    return this.page.getByRole('dialog', { name: 'Add a watch' });
  }

  /** From the table to the watch that is proposed for a process; `command` is null where none is. */
  async watchThis(pid: number): Promise<{ name: string; command: string | null; note: string }> {
    await this.filter(String(pid));
    await this.row(pid).click();
    await this.pressInDetails('Watch this…');
    const editor = this.editor();
    await expect(editor.getByRole('status', { name: 'Processes that match now' })).toContainText(String(pid));
    const command = editor.getByLabel('Command line').and(editor.getByRole('textbox'));
    return {
      name: await editor.getByRole('textbox', { name: 'Name', exact: true }).inputValue(),
      command: (await command.count()) === 0 ? null : await command.inputValue(),
      note: await editor.getByRole('alert').filter({ hasText: 'start command' }).innerText(),
    };
  }

  /** Adds the watch that is proposed; with a start command where none was proposed. */
  async acceptProposal(command?: string): Promise<void> {
    const editor = this.editor();
    if (command !== undefined) {
      await editor.getByRole('switch', { name: 'Start it when no process matches' }).click();
      await editor.getByLabel('Command line').and(editor.getByRole('textbox')).fill(command);
    }
    await editor.getByRole('button', { name: 'Add watch' }).click();
    await expect(editor).toBeHidden();
  }

  private dialog(): Locator {
    return this.page.getByRole('dialog', { name: /^End / });
  }

  /** The pids that the open dialog lists as those that would end. */
  async listed(): Promise<number[]> {
    const cells = this.dialog().getByRole('row').locator('td:first-child');
    await expect(cells.first()).toBeVisible();
    return (await cells.allTextContents()).map(Number);
  }

  async expectInDialog(text: string | RegExp): Promise<void> {
    await expect(this.dialog().getByText(text).first()).toBeVisible();
  }

  async expectNothingToConfirm(): Promise<void> {
    await expect(this.dialog().getByRole('button', { name: /^(Stop|Kill) / })).toBeDisabled();
  }

  async chooseInDialog(choice: string): Promise<void> {
    await this.dialog().getByText(choice, { exact: true }).click();
  }

  async confirmEnd(): Promise<void> {
    await this.dialog()
      .getByRole('button', { name: /^(Stop|Kill) \d/ })
      .click();
  }

  async expectDialogClosed(): Promise<void> {
    await expect(this.dialog()).toHaveCount(0);
  }

  /** Escape in the dialog over the details: they stay, and what opened it has the focus again. */
  async leaveDialog(opener: string): Promise<void> {
    await this.listed();
    await this.page.keyboard.press('Escape');
    await this.expectDialogClosed();
    await expect(this.page.getByRole('dialog').getByRole('button', { name: opener, exact: true })).toBeFocused();
  }

  async cancelDialog(): Promise<void> {
    await this.dialog().getByRole('button', { name: 'Cancel' }).click();
    await this.expectDialogClosed();
  }

  /** Space on the table: what is shown stays. */
  async pause(): Promise<void> {
    await this.table().locator('[data-index="0"]').press(' ');
    await expect(this.page.getByRole('button', { name: 'Resume' })).toBeVisible();
  }

  async resume(): Promise<void> {
    await this.page.getByRole('button', { name: 'Resume' }).click();
  }

  /** Leads from now to the newest incident, as soon as it is known. */
  async goToLastIncident(): Promise<void> {
    await this.open();
    await this.page.getByRole('button', { name: 'Earlier incident' }).click({ timeout: 60_000 });
    await expect(this.page.getByText('As it was at')).toBeVisible({ timeout: 60_000 });
  }

  /** Moves the slider with a key. */
  async moveSlider(key: string): Promise<void> {
    await this.page.getByRole('slider', { name: 'Moment of the table' }).press(key);
  }

  /** In words, what happened around the moment that is shown. */
  async expectAround(text: RegExp): Promise<void> {
    const around = this.page.getByRole('complementary', { name: 'What happened around this moment' });
    await expect(around.getByText(text).first()).toBeVisible();
  }

  async backToLive(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to live' }).click();
    await expect(this.page.getByText('Live', { exact: true })).toBeVisible();
  }
}
