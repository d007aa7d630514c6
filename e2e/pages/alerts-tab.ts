import { expect, type Locator, type Page } from '@playwright/test';

/** The parts of the view. */
export const ALERT_PARTS = ['Channels', 'Rules', 'Templates', 'Outbox', 'Snoozed'] as const;
export type AlertPart = (typeof ALERT_PARTS)[number];

/** The ways to reach somebody, as the window calls them. */
type ChannelName = 'E-mail' | 'Desktop notifications' | 'Webhook' | 'Command';

/** A mail account as it is typed. */
export interface MailAccount {
  server: string;
  port: number;
  user: string;
  password: string;
  from: string;
  to: string;
}

/** The alerts: channels, rules, templates, the outbox, and what is snoozed. */
export class AlertsTab {
  constructor(
    private readonly page: Page,
    private readonly openTab: () => Promise<void>,
  ) {}

  /** Goes to a part of the view. */
  async open(part: AlertPart): Promise<void> {
    await this.openTab();
    const choice = this.page.getByRole('radiogroup', { name: 'Sections of alerts' });
    await choice.getByText(part, { exact: true }).click();
    await expect(choice.getByRole('radio', { name: part })).toBeChecked();
  }

  /** Waits for the line that says how alerts stand. */
  async expectStateLine(text: RegExp): Promise<void> {
    await expect(this.page.getByRole('status', { name: 'State of alerts' })).toContainText(text);
  }

  private card(channel: ChannelName): Locator {
    return this.page.getByRole('region', { name: channel, exact: true });
  }

  /** Waits until a channel is shown as `Ready`, `Failing` or `Off`. */
  async expectChannel(channel: ChannelName, word: string): Promise<void> {
    await this.open('Channels');
    await expect(this.card(channel).getByRole('heading', { level: 2 })).toContainText(word);
  }

  /** Fills in a mail account without encryption, which is allowed on this machine, and saves it. */
  async setUpMail(account: MailAccount): Promise<void> {
    await this.open('Channels');
    const card = this.card('E-mail');
    const toggle = card.getByRole('button', { name: /^(?:Set up|Settings)$/ });
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
    await card.getByRole('textbox', { name: 'Server', exact: true }).fill(account.server);
    await card.getByRole('textbox', { name: 'Port', exact: true }).fill(String(account.port));
    await card.getByRole('combobox', { name: 'Encryption' }).click();
    await this.page.getByRole('option', { name: 'none', exact: true }).click();
    await card.getByRole('textbox', { name: 'User', exact: true }).fill(account.user);
    await card.getByLabel('Password', { exact: true }).fill(account.password);
    await card.getByRole('textbox', { name: 'Sender', exact: true }).fill(account.from);
    await card.getByRole('combobox', { name: 'Recipients', exact: true }).fill(account.to);
    await this.save('E-mail');
  }

  /** Saves what was typed for a channel, and waits until it holds. */
  private async save(channel: ChannelName): Promise<void> {
    const save = this.card(channel).getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await expect(save).toBeDisabled();
  }

  /** Types another password; it is not saved yet. */
  async replacePassword(password: string): Promise<void> {
    const card = this.card('E-mail');
    await card.getByRole('button', { name: 'Replace password' }).click();
    await card.getByLabel('Password', { exact: true }).fill(password);
  }

  /** Where the window says that the password is. */
  async expectPasswordIs(text: RegExp): Promise<void> {
    await expect(this.card('E-mail').getByText(text).first()).toBeVisible();
  }

  /** Sends a test, after saving what was typed. */
  async sendTest(channel: ChannelName): Promise<void> {
    await this.card(channel)
      .getByRole('button', { name: /send a test$/i })
      .click();
  }

  /** Waits for a text in what came of the last try. */
  async expectReport(channel: ChannelName, text: RegExp): Promise<void> {
    await expect(this.card(channel).getByRole('status', { name: `${channel}: last result` })).toContainText(text);
  }

  /** Waits for a message in the outbox, by its subject and its state. */
  async expectMessage(subject: RegExp, state: string): Promise<void> {
    await this.open('Outbox');
    const rows = this.page.getByRole('table', { name: 'Outbox' }).getByRole('row').filter({ hasText: subject });
    await expect(rows.filter({ has: this.page.getByText(state, { exact: true }) }).first()).toBeVisible({
      timeout: 60_000,
    });
  }

  /** Opens the details of the newest message of a subject. */
  async openMessage(subject: RegExp): Promise<Locator> {
    await this.page
      .getByRole('table', { name: 'Outbox' })
      .getByRole('row')
      .filter({ hasText: subject })
      .first()
      .click();
    const details = this.page.getByRole('dialog');
    await expect(details).toBeVisible();
    return details;
  }

  /** Acknowledges the incident of the message whose details are open, and closes them. */
  async acknowledge(details: Locator): Promise<void> {
    await details.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(details.getByText('Acknowledged')).toBeVisible();
    await details.getByRole('button', { name: 'Close' }).click();
    await expect(details).toBeHidden();
  }

  /** Snoozes all alerts for 15 minutes. */
  async snoozeAll(): Promise<void> {
    await this.open('Snoozed');
    await this.page.getByRole('button', { name: 'Snooze all alerts' }).click();
    await this.page.getByRole('menuitem', { name: 'For 15 min' }).click();
  }

  private mute(of: RegExp): Locator {
    return this.page.getByRole('table', { name: 'Snoozed and acknowledged' }).getByRole('row').filter({ hasText: of });
  }

  /** Waits for something that is muted, with how long it is. */
  async expectMuted(of: RegExp, left: RegExp): Promise<void> {
    await this.open('Snoozed');
    await expect(this.mute(of)).toContainText(left);
  }

  /** Ends a mute, and waits until it is gone. */
  async unmute(of: RegExp): Promise<void> {
    await this.mute(of).getByRole('button', { name: /^End/ }).click();
    await expect(this.mute(of)).toBeHidden();
  }

  /** Types a subject of its own for mails. */
  async typeSubject(template: string): Promise<void> {
    await this.open('Templates');
    await this.page.getByRole('textbox', { name: 'Subject' }).fill(template);
  }

  /** Types an HTML of its own for mails. */
  async typeHtml(template: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'HTML', exact: true }).fill(template);
  }

  /** Waits for what is wrong with the templates. */
  async expectTemplateProblem(text: RegExp): Promise<void> {
    const templates = this.page.getByRole('region', { name: 'Templates' });
    await expect(templates.getByText(text).first()).toBeVisible();
  }

  /** Throws away what was typed for templates. */
  async discardTemplates(): Promise<void> {
    await this.page.getByRole('region', { name: 'Templates' }).getByRole('button', { name: 'Discard' }).click();
  }

  /** Waits for a text in the preview, as text and as HTML. */
  async expectPreview(text: RegExp): Promise<void> {
    await this.open('Templates');
    await expect(this.page.getByRole('region', { name: 'As plain text' })).toContainText(text);
    await expect(this.page.frameLocator('iframe[title="As HTML"]').locator('body')).toContainText(text);
  }

  /** Waits for the colour of the first paragraph of the mail in the frame; only its own styles give it one. */
  async expectPreviewColour(colour: string): Promise<void> {
    const paragraph = this.page.frameLocator('iframe[title="As HTML"]').locator('p').first();
    // The frame loads anew with each change: this looks again when it went away meanwhile.
    await expect(paragraph).toHaveCSS('color', colour);
  }

  /** Shows the mail in light or dark colours. */
  async previewColours(scheme: 'Light' | 'Dark'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Colours of the mail' }).getByText(scheme).click();
  }

  /** Sets quiet hours for every night, and saves them. */
  async addQuietNight(): Promise<void> {
    await this.open('Rules');
    const rules = this.page.getByRole('region', { name: 'Quiet hours and maintenance' });
    await rules.getByRole('button', { name: 'Add a time of the week' }).first().click();
    await rules.getByText('Sun', { exact: true }).first().click();
    const save = rules.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await expect(save).toBeDisabled();
  }
}
