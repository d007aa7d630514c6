import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { AlertsTab } from './alerts-tab';
import { AnomaliesTab } from './anomalies-tab';
import { CooldownsTab } from './cooldowns-tab';
import { CrashesTab } from './crashes-tab';
import { DrillDialog } from './drill-dialog';
import { FirstRun } from './first-run';
import { GraphTab } from './graph-tab';
import { IncidentsTab } from './incidents-tab';
import { Keyboard } from './keyboard';
import { LogTab } from './log-tab';
import { ProcessesTab } from './processes-tab';
import { SettingsTab } from './settings-tab';
import type { TabName } from './tabs';
import { WatchesTab } from './watches-tab';
import { WatchGroups } from './watch-groups';
import { WatchInstances } from './watch-instances';

const AXE = require.resolve('axe-core/axe.min.js');

/** As much of axe-core's results as is read here. */
interface AxeResults {
  violations: { id: string; impact: string | null; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** What is judged: the page with all that lies over it, or only the dialog or drawer that is open, if one is. */
export type Judged = 'everything' | 'front';

/** The window, or the page of a browser: the same dashboard. All selectors of the tests are in this folder. */
export class Dashboard {
  readonly alerts: AlertsTab;
  readonly watches: WatchesTab;
  readonly groups: WatchGroups;
  readonly instances: WatchInstances;
  readonly anomalies: AnomaliesTab;
  readonly cooldowns: CooldownsTab;
  readonly crashes: CrashesTab;
  readonly firstRun: FirstRun;
  readonly graph: GraphTab;
  readonly incidents: IncidentsTab;
  readonly log: LogTab;
  readonly processes: ProcessesTab;
  readonly settings: SettingsTab;
  readonly drill: DrillDialog;
  readonly keyboard: Keyboard;

  constructor(private readonly page: Page) {
    this.alerts = new AlertsTab(page, () => this.open('Alerts'));
    this.watches = new WatchesTab(page, (tab) => this.open(tab));
    this.groups = new WatchGroups(page, (tab) => this.open(tab));
    this.instances = new WatchInstances(page, (tab) => this.open(tab));
    this.anomalies = new AnomaliesTab(page, () => this.open('Anomalies'));
    this.cooldowns = new CooldownsTab(page, () => this.open('Cooldowns'));
    this.crashes = new CrashesTab(page, () => this.open('Crashes'));
    this.firstRun = new FirstRun(page);
    this.graph = new GraphTab(page, () => this.open('Graph'));
    this.incidents = new IncidentsTab(page, () => this.open('Incidents'));
    this.log = new LogTab(page, () => this.open('Log'));
    this.drill = new DrillDialog(page);
    this.keyboard = new Keyboard(page);
    this.settings = new SettingsTab(page, () => this.open('Settings'));
    this.processes = new ProcessesTab(page, () => this.open('Processes'));
  }

  async open(tab: TabName): Promise<void> {
    const control = this.page.getByRole('tab', { name: tab, exact: true });
    await control.click();
    await expect(control).toHaveAttribute('aria-selected', 'true');
  }

  /** Waits until what is shown is the engine's state, live. */
  async expectLive(): Promise<void> {
    const engine = this.page.getByRole('contentinfo', { name: 'State of the engine' });
    await expect(engine.getByText('Connected', { exact: true })).toBeVisible({ timeout: 60_000 });
  }

  /** Waits until the page says that the engine is gone, and how old is what it shows. */
  async expectLost(): Promise<void> {
    await expect(this.page.getByText(/^Connection lost\. The data is \d+ (?:s|min(?: \d+ s)?) old\./)).toBeVisible();
  }

  /** Waits until the page says that its session is over, and how to get another. */
  async expectSessionOver(): Promise<void> {
    await expect(this.page.getByText('This session has ended')).toBeVisible({ timeout: 60_000 });
    await expect(this.page.getByText('healdeck open')).toBeVisible();
  }

  /** Opens an address as an operator would, and waits until the page is live. */
  async openAddress(url: string): Promise<void> {
    await this.page.goto(url);
    await this.expectLive();
  }

  /** Leads the page to another site. */
  async visit(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** What comes of a page of another origin that opens the WebSocket of the dashboard on this port. */
  tryToCall(port: number): Promise<'opened' | 'refused'> {
    return this.page.evaluate(
      (at) =>
        new Promise<'opened' | 'refused'>((resolve) => {
          const socket = new WebSocket(`ws://127.0.0.1:${at}/rpc`);
          socket.addEventListener('open', () => resolve('opened'));
          socket.addEventListener('close', () => resolve('refused'));
        }),
      port,
    );
  }

  /** Where the page came from. */
  origin(): string {
    return new URL(this.page.url()).origin;
  }

  /** Loads the page anew, and waits until it is live. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.expectLive();
  }

  /** As the system would ask for it. */
  async colours(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme });
    await expect(this.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
  }

  /** As somebody asks for it in the settings of the browser: the size of the root font in px, 16 where nobody did. */
  async textSize(px: number): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Page.enable');
    await session.send('Page.setFontSizes', { fontSizes: { standard: px } });
    await expect(this.page.locator('html')).toHaveCSS('font-size', `${px}px`);
  }

  /** How large the texts of the overview are, and the rows of a table that lays out only those in view, in px. */
  async sizes(): Promise<Record<string, number>> {
    await this.open('Processes');
    const row = (await this.page.locator('[data-index]').first().boundingBox())?.height ?? 0;
    await this.open('Overview');
    // Open they stay: the choice is remembered.
    const strip = this.page.getByRole('region', { name: 'Machine' }).getByRole('button');
    if (await strip.isVisible()) await strip.click();
    // Charts are drawn anew once their room was measured.
    await this.settled();
    const table = this.page.getByRole('table', { name: 'Watches' });
    const texts = {
      heading: this.page.getByRole('heading', { level: 1 }),
      cell: table.getByRole('button', { name: 'billing', exact: true }),
      badge: table.getByText('Failed', { exact: true }),
      axis: this.page
        .getByRole('img', { name: /^CPU of the machine/ })
        .locator('text')
        .first(),
      statusBar: this.page.getByRole('contentinfo').getByText('Connected'),
    };
    const sizes = Object.entries(texts).map(async ([name, text]) => {
      const size = await text.evaluate((element) => getComputedStyle(element).fontSize);
      return [name, Number.parseFloat(size)] as const;
    });
    return { row, ...Object.fromEntries(await Promise.all(sizes)) };
  }

  /** How many watches of the overview are seen whole in a window of this size, without a scroll and without a notice above them. */
  async watchesInView(width: number, height: number): Promise<number> {
    await this.page.setViewportSize({ width, height });
    await this.open('Overview');
    const notice = this.page.getByRole('region', { name: 'Alerts need attention' });
    if (await notice.isVisible()) await notice.getByRole('button', { name: 'Dismiss' }).click();
    const end = (await this.page.getByRole('contentinfo').boundingBox())?.y ?? 0;
    const bottoms = await this.page
      .getByRole('table', { name: 'Watches' })
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().bottom));
    return bottoms.filter((bottom) => bottom <= end).length;
  }

  /** The buttons of the header that are cut off at the edge of the window. */
  cutButtons(): Promise<string[]> {
    return this.page
      .getByRole('banner')
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons
          .filter((button) => button.getBoundingClientRect().right > window.innerWidth)
          .map((button) => button.textContent),
      );
  }

  /** The texts of this view that are smaller than `px`, and what is wider than its room. */
  layoutFaults(px: number): Promise<string[]> {
    return this.page.evaluate((least) => {
      const isText = ({ nodeType, data }: Node & { data?: string }) =>
        nodeType === Node.TEXT_NODE && data?.trim() !== '';
      const small = [...document.querySelectorAll('#root *')]
        .filter((element) => [...element.childNodes].some(isText) && element.getClientRects().length > 0)
        .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < least)
        .map((element) => `small: ${element.textContent}`);
      const wide = [...document.querySelectorAll('html, body, #root > *, main, [role="tabpanel"]')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `wide: ${element.tagName}, ${element.scrollWidth} px in ${element.clientWidth}`);
      return [...small, ...wide];
    }, px);
  }

  /** What axe-core finds that is serious or critical, one line each. */
  accessibilityViolations(where: Judged = 'everything'): Promise<string[]> {
    return this.violations(where, 'resultTypes: ["violations"]');
  }

  /** Of these only what is a matter of colours: what is all right in one scheme may not be in the other. */
  colourViolations(where: Judged = 'everything'): Promise<string[]> {
    return this.violations(where, 'resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"]');
  }

  /** `options` as axe.run takes them. */
  private async violations(where: Judged, options: string): Promise<string[]> {
    // A message that goes while it is judged is gone at once: half faded out, no text has its contrast.
    await this.page.emulateMedia({ reducedMotion: 'reduce' });
    await this.settled();
    // Nothing of the page is fetched anew for it: only rules about films and experimental ones would look at that.
    // A script of the test, not of the page: it comes in beside the page's rules, which forbid scripts of strangers.
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(readFileSync(AXE, 'utf8'));
    const front = where === 'front' ? `document.querySelector('[role="dialog"]') ?? document` : 'document';
    const results = await this.page.evaluate<AxeResults>(`axe.run(${front}, { preload: false, ${options} })`);
    return results.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
      );
  }

  /** Waits until nothing fades or slides any more: text that is half faded in has not its contrast. */
  private async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      // What was just opened begins to fade in some frames later.
      for (let frames = 0; frames < 4; frames += 1) await frame();
      const moves = (animation: Animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
      await Promise.allSettled(
        document
          .getAnimations()
          .filter(moves)
          .map(({ finished }) => finished),
      );
    });
  }

  /** Whether a text that came from a process has been run. */
  ranForeignScript(): Promise<boolean> {
    return this.page.evaluate(() => 'pwned' in window);
  }

  /** Everything that can be read on the page. */
  text(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  screenshot(): Promise<Buffer> {
    return this.page.screenshot();
  }
}
