import { expect, type Locator, type Page } from '@playwright/test';

/** The graph of dependencies: its drawing, and what sockets show. */
export class GraphTab {
  constructor(
    private readonly page: Page,
    private readonly open: () => Promise<void>,
  ) {}

  private get drawing(): Locator {
    return this.page.getByRole('region', { name: 'Graph of dependencies' });
  }

  private get observed(): Locator {
    return this.page.getByRole('region', { name: 'What sockets show' });
  }

  private get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Observes until so many dependencies were seen: a busy machine may not meet all connections at once. */
  async observe(count: number): Promise<void> {
    await this.open();
    await this.page.getByRole('switch', { name: 'What sockets show' }).click();
    const again = this.observed.getByRole('button', { name: 'Observe again' });
    await expect(async () => {
      await expect(again).toBeEnabled({ timeout: 30_000 });
      const seen = await this.observed.getByRole('listitem').count();
      if (seen < count) await again.click();
      expect(seen).toBeGreaterThanOrEqual(count);
    }).toPass({ timeout: 90_000 });
  }

  /** The dependencies that sockets show: `web connects to api`. */
  async connections(): Promise<string[]> {
    const items = await this.observed.getByRole('listitem').getByRole('strong').allTextContents();
    return items.toSorted();
  }

  async acceptAll(count: number): Promise<void> {
    await this.observed.getByRole('button', { name: `Accept all ${count}` }).click();
  }

  /** The dependencies of the drawing in words, those that are declared: `web starts after api is ready`. */
  async expectDeclared(...dependencies: readonly string[]): Promise<void> {
    const labels = this.drawing.getByRole('button', { name: /^Edit dependency: / });
    await expect
      .poll(() => labels.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))))
      .toEqual(dependencies.map((text) => `Edit dependency: ${text}`));
  }

  /** Waits until the node of a watch says how it is. */
  async expectState(watch: string, state: string): Promise<void> {
    await expect(this.drawing.getByRole('button', { name: new RegExp(`^${watch} ${state}`) })).toBeVisible({
      timeout: 30_000,
    });
  }

  /** Asks for a dependency from the menu of a node; the dialog stays open. */
  async choose(watch: string, after: string): Promise<void> {
    await this.drawing.getByRole('button', { name: `Dependencies of ${watch}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: 'Starts after…' }).click();
    await this.dialog.getByRole('combobox', { name: 'Starts after' }).click();
    await this.page.getByRole('option', { name: after, exact: true }).click();
  }

  /** Drags a watch onto the one that it is to start after, and saves that. */
  async drag(watch: string, onto: string): Promise<void> {
    const node = (name: string) =>
      this.drawing.getByRole('listitem').filter({ has: this.page.getByText(name, { exact: true }) });
    await node(watch).dragTo(node(onto));
    await this.dialog.getByRole('button', { name: 'Save' }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Waits until the dialog says that this can't be saved, and closes it. */
  async expectRefusal(text: RegExp): Promise<void> {
    await expect(this.dialog.getByRole('alert')).toContainText(text);
    await expect(this.dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await this.dialog.getByRole('button', { name: 'Cancel' }).click();
  }

  /** Changes the condition of a dependency. */
  async change(dependency: string, condition: string): Promise<void> {
    await this.drawing.getByRole('button', { name: `Edit dependency: ${dependency}` }).click();
    await this.dialog.getByRole('radio', { name: condition }).click();
    await this.dialog.getByRole('button', { name: 'Save' }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Undoes what was announced last. */
  async undo(title: string): Promise<void> {
    await this.page.getByRole('status').filter({ hasText: title }).getByRole('button', { name: 'Undo' }).click();
  }

  async remove(dependency: string): Promise<void> {
    await this.drawing.getByRole('button', { name: `Edit dependency: ${dependency}` }).click();
    await this.dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(this.dialog).toBeHidden();
  }
}
