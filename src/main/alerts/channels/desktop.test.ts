import { beforeEach, describe, expect, it } from 'vitest';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { alertMessage, CRASH } from '../testing/alert-message';
import { createDesktopChannel, type DesktopNotification, type Notifier } from './desktop';

/** A desktop that keeps what it shows. */
class FakeDesktop implements Notifier {
  supported = true;
  takes = true;
  readonly shown: DesktopNotification[] = [];
  show(notification: DesktopNotification): Promise<boolean> {
    this.shown.push(notification);
    return Promise.resolve(this.takes);
  }
}

const never = new AbortController().signal;

describe('notifications of the desktop', () => {
  let desktop: FakeDesktop;
  let overrides: Partial<Settings>;
  let done: (string | number | null)[][];
  const channel = (notifier: Notifier | null = desktop) =>
    createDesktopChannel({
      settings: () => resolveSettings(overrides),
      notifier,
      onOpen: (incident) => done.push(['open', incident]),
      onAcknowledge: (incident) => done.push(['acknowledge', incident]),
    });

  beforeEach(() => {
    desktop = new FakeDesktop();
    overrides = {};
    done = [];
  });

  it('are off without a window, without support and when switched off, and say so', () => {
    expect(channel().recipients()).toEqual(['']);
    expect(channel().describe()).toBe('desktop notifications of severity warning and above');
    expect(channel(null).recipients()).toEqual([]);
    expect(channel(null).describe()).toBe('only with a window');
    overrides = { 'desktop.enabled': false };
    expect(channel().recipients()).toEqual([]);
    expect(channel().describe()).toBe('switched off');
    desktop.supported = false;
    expect(channel().recipients()).toEqual([]);
    expect(channel().describe()).toBe('this desktop shows no notifications');
  });

  it('begin at a severity', () => {
    overrides = { 'desktop.minSeverity': 'high', 'desktop.perHour': 5 };
    const taken = (['info', 'warning', 'high', 'critical'] as const).filter((one) => channel().takes(one));
    expect(taken).toEqual(['high', 'critical']);
    expect(channel().perHour()).toBe(5);
  });

  it('show the subject and the last of what is told, on lines of their own', async () => {
    const events = [1, 2, 3, 4].map((id) => ({ ...CRASH, id, message: `fact ${id}\x07` }));
    await expect(channel().deliver(alertMessage({ events, eventCount: 9 }), never)).resolves.toMatchObject({
      ok: true,
    });
    expect(desktop.shown[0]).toMatchObject({
      title: '[kiosk-3] web-worker crashed (SIGSEGV), restarted after 112 ms',
      body: 'fact 2\\x07\nfact 3\\x07\nfact 4\\x07\n… and 6 more',
    });
  });

  it('show the first lines of a message without events', async () => {
    await channel().deliver(alertMessage({ kind: 'test', incident: null, events: [], eventCount: 0 }), never);
    expect(desktop.shown[0]?.body).toBe('web-worker crashed (SIGSEGV).\n\nIt was restarted after 112 ms.');
  });

  it.each([
    ['info', 'low'],
    ['warning', 'normal'],
    ['high', 'normal'],
    ['critical', 'critical'],
  ] as const)('%s is of %s urgency', async (severity, priority) => {
    await channel().deliver(alertMessage({ severity }), never);
    expect(desktop.shown[0]?.priority).toBe(priority);
  });

  it('open and acknowledge their incident', async () => {
    await channel().deliver(alertMessage(), never);
    const [shown] = desktop.shown;
    shown?.onOpen();
    for (const { run } of shown?.actions ?? []) run();
    expect(shown?.actions.map(({ label }) => label)).toEqual(['Open', 'Acknowledge']);
    expect(done).toEqual([
      ['open', 7],
      ['open', 7],
      ['acknowledge', 7],
    ]);
  });

  it.each([
    ['of several incidents', { kind: 'digest', incident: null }],
    ['of what is over', { kind: 'recovery' }],
  ] as const)('have nothing to acknowledge when they tell %s', async (_what, change) => {
    await channel().deliver(alertMessage(change), never);
    expect(desktop.shown[0]?.actions.map(({ label }) => label)).toEqual(['Open']);
  });

  it('are tried again when the desktop does not take them', async () => {
    desktop.takes = false;
    await expect(channel().deliver(alertMessage(), never)).resolves.toMatchObject({
      ok: false,
      problem: { step: 'connection', temporary: true },
    });
  });
});
