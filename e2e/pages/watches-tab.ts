import { expect, type Locator, type Page } from '@playwright/test';
import type { TabName } from './tabs';

/** A probe as somebody types it: its kind is chosen, and with it comes its name. */
interface TypedProbe {
  name: string;
  kind: string;
  role?: string;
  fields: Readonly<Record<string, string>>;
  /** One that its headers name, to be stored. */
  secret?: { name: string; value: string };
}

/** The watches: their definitions, and on the overview how they are. */
export class WatchesTab {
  constructor(
    private readonly page: Page,
    private readonly open: (tab: TabName) => Promise<void>,
  ) {}

  /** The row of a watch on the tab that is open. */
  private row(name: string): Locator {
    const title = this.page.getByRole('button', { name, exact: true });
    return this.page.getByRole('table', { name: 'Watches' }).getByRole('row').filter({ has: title });
  }

  /** What stands in a column of the row of a watch. */
  private async cell(name: string, column: string): Promise<Locator> {
    const table = this.page.getByRole('table', { name: 'Watches' });
    await expect(table).toBeVisible();
    // Narrow windows hide a column; it is counted all the same.
    const headers = await table.locator('th').allTextContents();
    const index = headers.findIndex((header) => header.trim().startsWith(column));
    expect(index, `a column "${column}" among ${headers.join(', ')}`).not.toBe(-1);
    return this.row(name).locator('td').nth(index);
  }

  /** `word` as it is shown: Running, Stopped, … */
  async expectState(name: string, word: string): Promise<void> {
    await this.open('Watches');
    await expect((await this.cell(name, 'State')).getByText(word, { exact: true })).toBeVisible();
  }

  async expectRestarts(name: string, restarts: number): Promise<void> {
    await this.open('Overview');
    // In the row stands a word; the numbers are its title.
    const words = new RegExp(`^${restarts} restarts?;`);
    await expect((await this.cell(name, 'Restarts')).getByTitle(words)).toBeVisible();
  }

  /** How much of the budget of the short window is used. */
  async expectBudget(name: string, used: number, limit: number): Promise<void> {
    await this.open('Overview');
    const words = new RegExp(`^\\d+ restarts?; ${used} of ${limit} restarts used in `);
    await expect((await this.cell(name, 'Restarts')).getByTitle(words)).toBeVisible();
  }

  /** The seconds of a cooldown that the list says are left. */
  async cooldownLeft(name: string): Promise<number> {
    await this.open('Overview');
    const left = (await this.cell(name, 'Cause or uptime')).getByText(/^\d+:\d\d left$/);
    await expect(left).toBeVisible();
    const [minutes, seconds] = (await left.innerText()).replace(' left', '').split(':').map(Number);
    return (minutes ?? 0) * 60 + (seconds ?? 0);
  }

  /** What stands in the line above all watches. */
  async expectStateLine(text: RegExp): Promise<void> {
    await this.open('Overview');
    const line = this.page.getByRole('region', { name: 'State of all watches' }).getByRole('heading');
    await expect(line).toHaveText(text);
  }

  /** Waits until the line above all watches has this below its headline: why a watch is down. */
  async expectCause(text: RegExp): Promise<void> {
    await this.open('Overview');
    const line = this.page.getByRole('region', { name: 'State of all watches' });
    await expect(line.getByRole('paragraph').filter({ hasText: text })).toBeVisible();
  }

  /** Waits until the row of a watch on the overview has these words. */
  async expectRow(name: string, words: { state: string; cause: RegExp; restarts: string }): Promise<void> {
    await this.open('Overview');
    await expect(await this.cell(name, 'State')).toHaveText(words.state);
    await expect(await this.cell(name, 'Cause or uptime')).toHaveText(words.cause);
    await expect(await this.cell(name, 'Restarts')).toHaveText(words.restarts);
  }

  /** Opens a part of the details of a watch; returns what closes them. */
  private async openDetails(
    name: string,
    part: 'Summary' | 'Output' | 'History' | 'Settings' = 'Summary',
  ): Promise<Locator> {
    await this.open('Overview');
    await this.row(name).getByRole('button', { name, exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    if (part !== 'Summary') await dialog.getByRole('tab', { name: part, exact: true }).click();
    return dialog;
  }

  private async closeDetails(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Searches what the program of a watch has written, in its details; returns the lines. */
  async searchOutput(name: string, text: string): Promise<string> {
    const dialog = await this.openDetails(name, 'Output');
    await dialog.getByRole('textbox', { name: 'Search the output' }).fill(text);
    const output = dialog.getByRole('log', { name: `Output of ${name}` });
    await expect(output.locator('mark').first()).toHaveText(text);
    const lines = await output.innerText();
    await this.closeDetails(dialog);
    return lines;
  }

  /** What a watch listens on, as its details show it: `127.0.0.1:8080 tcp 4711 node`. `refresh`: read once more. */
  async ports(name: string, { refresh = false } = {}): Promise<string> {
    const dialog = await this.openDetails(name);
    if (refresh) await dialog.getByRole('button', { name: 'Refresh ports' }).click();
    const row = dialog.getByRole('table', { name: 'Ports of this watch' }).locator('tbody tr');
    await expect(row).toHaveCount(1);
    const cells = await row.locator('td').allInnerTexts();
    await this.closeDetails(dialog);
    return cells.join(' ');
  }

  async expectNoPorts(name: string): Promise<void> {
    const dialog = await this.openDetails(name);
    await expect(dialog.getByText('It listens on no port and no unix socket.')).toBeVisible();
    await this.closeDetails(dialog);
  }

  /** Presses a mark on the CPU chart of a watch: it leads to the incident. */
  async openMark(name: string): Promise<void> {
    const dialog = await this.openDetails(name, 'History');
    // The history has what is marked on the chart, for everybody.
    await expect(dialog.getByRole('button', { name: /SIGKILL/ }).first()).toBeVisible();
    await dialog.getByRole('tab', { name: 'Summary', exact: true }).click();
    await dialog
      .getByTitle(/^Crash detected: /)
      .first()
      .click();
    await expect(dialog).toBeHidden();
  }

  /** Types limits in the editor of a watch; returns what they would have done, and leaves the watch as it is. */
  async tryLimits(name: string, limits: Readonly<Record<string, string>>): Promise<string> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `Edit ${name}`, exact: true })
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${name}` });
    for (const [label, text] of Object.entries(limits)) await dialog.getByLabel(label, { exact: true }).fill(text);
    const verdict = dialog.getByRole('status', { name: 'What these limits would have done' });
    await expect(verdict).toHaveText(/^The limits would have acted/);
    const words = await verdict.innerText();
    await this.discardChanges(dialog);
    return words;
  }

  /** Makes the cooldown of a watch ten minutes longer, in its details. */
  async extendCooldown(name: string): Promise<void> {
    const dialog = await this.openDetails(name);
    await dialog.getByRole('button', { name: `Extend cooldown of ${name}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: 'by 10 min' }).click();
    await expect(dialog.getByText(/^1\d:\d\d left$/).first()).toBeVisible();
    await this.closeDetails(dialog);
  }

  /** Why a watch is in cooldown, in its details. */
  async cooldownReason(name: string): Promise<string> {
    const dialog = await this.openDetails(name);
    const text = await dialog.getByRole('region', { name: 'Cooldown' }).innerText();
    await this.closeDetails(dialog);
    return text;
  }

  /** Ends the cooldown of a watch, in its details. */
  async resetCooldown(name: string): Promise<void> {
    const dialog = await this.openDetails(name);
    await dialog.getByRole('button', { name: `Reset cooldown of ${name}`, exact: true }).click();
    // A program that crashes at once may be in its next cooldown before the window has shown that this one is over.
    await expect(this.page.getByText(`Cooldown of ${name} reset`, { exact: true })).toBeVisible();
    await this.closeDetails(dialog);
  }

  /** Says that a watch is only observed, or no longer. */
  async observe(name: string, on: boolean): Promise<void> {
    const dialog = await this.openDetails(name, 'Settings');
    const control = dialog.getByRole('switch', { name: 'Observe only' });
    if ((await control.isChecked()) !== on) await control.click();
    await expect(control).toBeChecked({ checked: on });
    await this.closeDetails(dialog);
    await expect(this.row(name).getByText('Observing', { exact: true })).toHaveCount(on ? 1 : 0);
  }

  /** Types limits of a watch in the editor, and saves them. */
  async setLimits(name: string, limits: Readonly<Record<string, string>>): Promise<void> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `Edit ${name}`, exact: true })
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${name}` });
    for (const [label, text] of Object.entries(limits)) await dialog.getByLabel(label, { exact: true }).fill(text);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Types when a watch is started in the editor, and saves it; returns what the field has shown of the next runs. */
  async setSchedule(name: string, { cron, zone }: { cron: string; zone: string }): Promise<string> {
    const dialog = await this.openSchedule(name);
    await dialog.getByLabel('Time zone of the starts', { exact: true }).fill(zone);
    await dialog.getByLabel('Start at (cron)', { exact: true }).fill(cron);
    const help = await dialog.getByText(/^Next: /).innerText();
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog).toBeHidden();
    return help;
  }

  /** Types what can't be saved, and gives up. */
  async expectScheduleRefused(name: string, cron: string, reason: string): Promise<void> {
    const dialog = await this.openSchedule(name);
    await dialog.getByLabel('Start at (cron)', { exact: true }).fill(cron);
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await expect(dialog.getByText(reason)).toBeVisible();
    await this.discardChanges(dialog);
  }

  /** Leaves a form with what was typed in it, which it asks about first. */
  private async discardChanges(form: Locator): Promise<void> {
    await this.page.keyboard.press('Escape');
    const question = this.page.getByRole('dialog', { name: 'Discard changes?' });
    await question.getByRole('button', { name: 'Discard changes' }).click();
    await expect(form).toBeHidden();
  }

  /** The details of a watch, once they have its next run. */
  async scheduleShown(name: string): Promise<string> {
    const dialog = await this.openDetails(name);
    await expect(dialog.getByText(/^start in /)).toBeVisible();
    const summary = await dialog.innerText();
    await dialog.getByRole('tab', { name: 'Settings', exact: true }).click();
    await expect(dialog.getByRole('heading', { name: 'Definition' })).toBeVisible();
    const settings = await dialog.innerText();
    await this.closeDetails(dialog);
    return `${summary}\n${settings}`;
  }

  private async openSchedule(name: string) {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `Edit ${name}`, exact: true })
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${name}` });
    await dialog.getByRole('button', { name: 'Schedule', exact: true }).click();
    return dialog;
  }

  async expectNone(name: string): Promise<void> {
    await this.open('Watches');
    await expect(this.row(name)).toHaveCount(0);
  }

  async add(watch: { name: string; command: string; directory: string }): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByLabel('Name').fill(watch.name);
    await dialog.getByLabel('Command line').fill(watch.command);
    await dialog.getByLabel('Directory').fill(watch.directory);
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Asks for a directory in the form of a new watch, which stays open, and expects this one in its field then. */
  async browse(directory: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    if (!(await dialog.isVisible()))
      await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    await dialog.getByRole('button', { name: 'Browse…' }).click();
    await expect(dialog.getByLabel('Directory')).toHaveValue(directory);
  }

  /** Finds a process that runs by a word of its command line, and adds a watch of it; returns the ways that find it. */
  async addRunning(name: string, word: string, pid: number): Promise<string[]> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByRole('radiogroup', { name: 'Kind of target' }).getByText('Running process').click();
    await expect(dialog.getByRole('radiogroup', { name: 'Restart' })).toBeHidden();
    await dialog.getByRole('textbox', { name: 'Search running processes' }).fill(word);
    await dialog.getByRole('list', { name: 'Processes that fit' }).getByText(String(pid), { exact: true }).click();
    const ways = dialog.getByRole('status', { name: 'Ways to find it' }).getByRole('button');
    await expect(ways.first()).toBeVisible();
    await expect(dialog.getByRole('radiogroup', { name: 'Restart' })).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    const words = await ways.allInnerTexts();
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
    return words;
  }

  /** Adds a watch whose program must not run; it ends what matches now, by this pid. */
  async forbid(name: string, expression: string, pid: number): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await dialog.getByRole('radiogroup', { name: 'Kind of target' }).getByText('Must not run').click();
    await dialog.getByRole('radio', { name: 'Command line' }).check();
    await dialog.getByRole('textbox', { name: 'Expression' }).fill(expression);
    const preview = dialog.getByRole('status', { name: 'Processes that match now' });
    await expect(preview).toContainText('1 process matches now and will be ended');
    await expect(preview).toContainText(String(pid));
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Adds a watch with probes of its own in the editor; returns what each answered when it was tried there. */
  async addWithProbes(
    watch: { name: string; command: string; directory: string },
    probes: readonly TypedProbe[],
  ): Promise<string[]> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByLabel('Name').fill(watch.name);
    await dialog.getByLabel('Command line').fill(watch.command);
    await dialog.getByLabel('Directory').fill(watch.directory);
    await dialog.getByRole('button', { name: 'Probes and readiness' }).click();
    const answers: string[] = [];
    for (const { name, kind, role, fields, secret } of probes) {
      await dialog.getByRole('button', { name: 'Add probe' }).click();
      await this.page.getByRole('menuitem', { name: kind }).click();
      const form = dialog.getByRole('region', { name: new RegExp(`^${name} `) });
      for (const [label, text] of Object.entries(fields)) await form.getByRole('textbox', { name: label }).fill(text);
      if (secret !== undefined) {
        await form.getByLabel(`Secret ${secret.name}`, { exact: true }).fill(secret.value);
        await form.getByRole('button', { name: 'Store secret' }).click();
        await expect(form.getByText(/^Set, in /)).toBeVisible();
      }
      if (role !== undefined) {
        await form.getByRole('combobox', { name: 'Role' }).click();
        await this.page.getByRole('option', { name: role }).click();
      }
      answers.push(await this.tryProbe(dialog, name));
    }
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
    return answers;
  }

  /** Tries a probe of a watch in the editor, and leaves the watch as it is; the answer. */
  async retryProbe(watch: string, name: string): Promise<string> {
    await this.open('Watches');
    await this.row(watch)
      .getByRole('button', { name: `Edit ${watch}`, exact: true })
      .click();
    const dialog = this.page.getByRole('dialog', { name: `Edit ${watch}` });
    await dialog.getByRole('button', { name: new RegExp(`^${name} `) }).click();
    const answer = await this.tryProbe(dialog, name);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    return answer;
  }

  private async tryProbe(dialog: Locator, name: string): Promise<string> {
    await dialog.getByRole('button', { name: `Try ${name}`, exact: true }).click();
    const answer = dialog.getByRole('status', { name: `Answer of ${name}`, exact: true });
    await expect(answer).toHaveText(/^(?:passed in|failed after) /);
    return answer.innerText();
  }

  /** Waits until a watch is shown as ready, not ready yet or not ready. */
  async expectReadiness(name: string, word: 'ready' | 'not ready yet' | 'not ready'): Promise<void> {
    await this.open('Watches');
    await expect((await this.cell(name, 'State')).getByRole('img', { name: word, exact: true })).toBeVisible();
  }

  /** Waits until a probe of a watch is in this state, in its details; returns all that is shown of it. */
  async probeState(name: string, probe: string, state: 'Passing' | 'Failing'): Promise<string> {
    const dialog = await this.openDetails(name);
    const item = dialog.getByRole('list', { name: 'Probes of this watch' }).getByRole('listitem', { name: probe });
    await expect(item.getByText(state, { exact: true })).toBeVisible();
    await expect(item.getByRole('img', { name: /^Last \d+ attempts?: \d+ passed/ })).toBeVisible();
    const text = await item.innerText();
    await this.closeDetails(dialog);
    return text;
  }

  /** Waits until an answer of a probe is shown as recorded, in the details of its watch; returns how its last hour reads. */
  async expectRecorded(name: string, probe: string, answer: RegExp): Promise<string> {
    const dialog = await this.openDetails(name);
    const history = dialog.getByRole('region', { name: `History of ${probe}` });
    await expect(history.getByRole('listitem').filter({ hasText: answer }).first()).toBeVisible();
    await expect(history.getByRole('img', { name: new RegExp(`^Latency of ${probe}, last hour`) })).toBeVisible();
    const strip = history.getByRole('img', { name: new RegExp(`^${probe}, last hour`) });
    const text = (await strip.getAttribute('aria-label')) ?? '';
    await this.closeDetails(dialog);
    return text;
  }

  /** One of the buttons in the row of a watch. */
  async press(action: 'Start' | 'Stop' | 'Restart', name: string): Promise<void> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `${action} ${name}`, exact: true })
      .click();
  }

  private endDialog(action: 'Stop' | 'Restart', name: string): Locator {
    return this.page.getByRole('dialog', { name: `${action} ${name}?` });
  }

  /** The pids that the question before a stop or a restart lists, in the order of their numbers. */
  async listedEnds(action: 'Stop' | 'Restart', name: string): Promise<number[]> {
    const cells = this.endDialog(action, name).getByRole('row').locator('td:first-child');
    await expect(cells.first()).toBeVisible();
    return (await cells.allInnerTexts()).map(Number).sort((one, other) => one - other);
  }

  async confirmEnds(action: 'Stop' | 'Restart', name: string): Promise<void> {
    const dialog = this.endDialog(action, name);
    await dialog.getByRole('button', { name: action === 'Stop' ? /^Stop \d+ / : /^End \d+ .* and restart$/ }).click();
    await expect(dialog).toBeHidden();
  }

  async cancelEnds(action: 'Stop' | 'Restart', name: string): Promise<void> {
    await this.endDialog(action, name).getByRole('button', { name: 'Cancel' }).click();
    await expect(this.endDialog(action, name)).toBeHidden();
  }

  /** Ticks watches in the table. */
  async choose(...names: readonly string[]): Promise<void> {
    await this.open('Watches');
    for (const name of names)
      await this.row(name)
        .getByRole('checkbox', { name: `Choose ${name}`, exact: true })
        .check();
  }

  /** Does something to all that are chosen; the button says to how many. */
  async pressForChosen(button: string): Promise<void> {
    const bar = this.page.getByRole('region', { name: 'Chosen watches' });
    await bar.getByRole('button', { name: button, exact: true }).click();
  }

  /** Confirms the removal of several; returns the names in the question. */
  async confirmRemoval(count: number): Promise<string[]> {
    const dialog = this.page.getByRole('dialog', { name: `Remove ${count} watches?` });
    const items = dialog.getByRole('listitem').locator('strong');
    await expect(items.first()).toBeVisible();
    const names = await items.allInnerTexts();
    await dialog.getByRole('button', { name: `Remove ${count} watches` }).click();
    await expect(dialog).toBeHidden();
    return names;
  }

  /** Starts again what was just stopped, where that was announced. */
  async startAgain(): Promise<void> {
    await this.page.getByRole('button', { name: 'Start again', exact: true }).click();
  }

  /** Types a pipeline as the only field of a new watch, and has a shell run it. */
  async addPipeline(command: string, syntax: readonly string[]): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Add watch' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a watch' });
    await dialog.getByLabel('Command line').fill(command);
    await expect(dialog.getByText(/plain text here: no shell runs/).locator('code')).toHaveText([...syntax]);
    await dialog.getByRole('button', { name: 'Run it in a shell' }).click();
    await dialog.getByRole('button', { name: 'Add watch' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Takes back what was just announced. */
  async undo(): Promise<void> {
    await this.page.getByRole('button', { name: 'Undo', exact: true }).click();
  }

  /** Chooses a file in the import dialog; returns what it says would change. */
  async chooseImport(path: string): Promise<string> {
    await this.open('Watches');
    await this.page.getByRole('button', { name: 'Import', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Import watches and settings' });
    const chooser = this.page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a file' }).click();
    await (await chooser).setFiles(path);
    const changes = dialog.getByRole('region', { name: 'What would change' });
    await expect(changes.locator('dl')).toBeVisible();
    return changes.innerText();
  }

  /** Brings what was chosen into force. */
  async confirmImport(): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Import watches and settings' });
    await dialog.getByRole('button', { name: /^Import \d+ change/ }).click();
    await expect(dialog).toBeHidden();
  }

  /** Begins the download of all settings and watches. */
  async exportAll(): Promise<void> {
    await this.open('Watches');
    await this.page.getByRole('button', { name: 'Export', exact: true }).click();
  }

  async remove(name: string): Promise<void> {
    await this.open('Watches');
    await this.row(name)
      .getByRole('button', { name: `Remove ${name}`, exact: true })
      .click();
    await expect(this.page.getByText(`Removed ${name}`, { exact: true })).toBeVisible();
  }
}
