import { expect, type Locator, type Page } from '@playwright/test';

/** The incidents: their list, and the story of one. */
export class IncidentsTab {
  constructor(
    private readonly page: Page,
    private readonly open: () => Promise<void>,
  ) {}

  private get story(): Locator {
    return this.page.getByRole('dialog', { name: /^Incident \d+$/ });
  }

  /** Opens the newest story of a watch. */
  async openNewest(watch: string): Promise<void> {
    await this.open();
    const rows = this.page.getByRole('table', { name: 'Incidents' }).getByRole('row').filter({ hasText: watch });
    await rows.first().click();
    await expect(this.story).toBeVisible();
  }

  /** Waits until there is one, and returns the texts of all lines of the list. */
  async listed(): Promise<string[]> {
    await this.open();
    const rows = this.page
      .getByRole('table', { name: 'Incidents' })
      .getByRole('row')
      .filter({ hasNot: this.page.getByRole('columnheader') });
    await expect(rows.filter({ hasText: 'also affected' })).toHaveCount(1, { timeout: 30_000 });
    return rows.allInnerTexts();
  }

  /** Opens another incident that the open one has to do with. */
  async openRelated(name: RegExp): Promise<void> {
    await this.story.getByRole('button', { name }).click();
  }

  /** Waits until the open story has this outcome. */
  async expectOutcome(word: string): Promise<void> {
    await expect(this.story.getByText(word, { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  }

  /** What the open story tells, one line a step: "Noticed Crash detected". */
  async steps(): Promise<string[]> {
    const steps = this.story.getByRole('list', { name: 'What happened' }).getByRole('listitem');
    await expect(steps.first()).toBeVisible();
    const texts = await steps.allInnerTexts();
    return texts.map((text) => text.split('\n').slice(0, 2).join(' '));
  }

  /** Waits until the open story tells this somewhere. */
  async expectReported(text: RegExp): Promise<void> {
    await expect(this.story).toContainText(text, { timeout: 60_000 });
  }

  /** Waits until the open story says why its program ended, and how sure that is. */
  async expectReason(reason: RegExp, certainty: string): Promise<void> {
    const card = this.story
      .locator('section')
      .filter({ has: this.page.getByRole('heading', { name: 'Why it ended' }) });
    await expect(card).toContainText(reason, { timeout: 60_000 });
    await expect(card).toContainText(certainty);
  }

  /** Unfolds what the program of the open story did before it ended. */
  async openLastWords(): Promise<void> {
    await this.story
      .getByRole('heading', { name: /^Last words/ })
      .getByRole('button')
      .click();
  }

  /** Waits until a part of the unfolded last words has this: "Dump", "Threads of pid 81". */
  async expectLastWords(part: string | RegExp, text: string | RegExp): Promise<void> {
    await expect(this.story.getByRole('region', { name: part }).first()).toContainText(text);
  }

  async closeStory(): Promise<void> {
    await this.story.getByRole('button', { name: 'Close' }).click();
    await expect(this.story).toBeHidden();
  }
}
