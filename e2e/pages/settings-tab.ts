import { expect, type Locator, type Page } from '@playwright/test';

/** The settings that hold for all watches. */
export class SettingsTab {
  constructor(
    private readonly page: Page,
    readonly open: () => Promise<void>,
  ) {}

  private field(label: string): Locator {
    return this.page.getByRole('textbox', { name: label, exact: true });
  }

  /** Types a value; nothing is saved yet. */
  async type(label: string, value: string): Promise<void> {
    await this.field(label).fill(value);
    await this.field(label).blur();
  }

  async expectValue(label: string, value: string): Promise<void> {
    await expect(this.field(label)).toHaveValue(value);
  }

  async save(): Promise<void> {
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
  }

  /** Waits until all is saved. */
  async expectSaved(): Promise<void> {
    await expect(this.page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  }

  /** Waits for what is said about a field. */
  async expectProblem(label: string, problem: RegExp): Promise<void> {
    await expect(this.field(label)).toHaveAccessibleDescription(problem);
    await expect(this.field(label)).toHaveAttribute('aria-invalid', 'true');
  }

  /** Puts a setting back; `standard` as it is shown: "10 s". */
  async reset(label: string, standard: string): Promise<void> {
    await this.page.getByRole('button', { name: `Reset ${label} to ${standard}`, exact: true }).click();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Search settings' }).fill(text);
  }

  /** The labels of the settings that are shown. */
  async expectOnly(labels: readonly string[]): Promise<void> {
    await expect.poll(() => this.page.locator('[data-setting]').count()).toBe(labels.length);
    for (const label of labels) await expect(this.field(label)).toBeVisible();
  }

  async chooseProfile(profile: 'default' | 'classic'): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${profile}`) }).check();
  }

  /** What the chosen profile would change, as `setting: now, then`. */
  async previewedChanges(): Promise<string[]> {
    const rows = this.page.getByRole('region', { name: 'Profile' }).getByRole('table').locator('tbody tr');
    await expect(rows.first()).toBeVisible();
    return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s*\t\s*/g, ' | '));
  }
}
