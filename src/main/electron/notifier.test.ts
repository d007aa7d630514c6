import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DesktopNotification } from '../compose';
import { createNotifier, type NativeNotification } from './notifier';

/** Electron's class, as far as it is used: keeps what was shown. */
class FakeNative extends EventEmitter {
  static shown: FakeNative[] = [];
  static isSupported = (): boolean => true;
  constructor(readonly options: NotificationConstructorOptions) {
    super();
  }
  show(): void {
    FakeNative.shown.push(this);
  }
}
const Native = FakeNative as unknown as NativeNotification;

function notification(change: Partial<DesktopNotification> = {}): DesktopNotification {
  return { title: 'web crashed', body: 'web crashed', priority: 'normal', actions: [], onOpen: () => {}, ...change };
}

const shown = (): FakeNative => FakeNative.shown.at(-1)!;

describe('a notification of Electron', () => {
  beforeEach(() => {
    FakeNative.shown = [];
  });

  it('is taken when the desktop shows it, and not when that failed', async () => {
    const notifier = createNotifier(Native, 'win32');
    const taken = notifier.show(notification());
    shown().emit('show');
    await expect(taken).resolves.toBe(true);
    const failed = notifier.show(notification());
    shown().emit('failed', {}, 'no such thing');
    await expect(failed).resolves.toBe(false);
  });

  it('counts as taken when the desktop says nothing', async () => {
    vi.useFakeTimers();
    try {
      const taken = createNotifier(Native, 'darwin').show(notification());
      await vi.advanceTimersByTimeAsync(3000);
      await expect(taken).resolves.toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('opens at a click, and does what a button says', () => {
    const done: string[] = [];
    void createNotifier(Native, 'darwin').show(
      notification({
        onOpen: () => done.push('click'),
        actions: [
          { label: 'Open', run: () => done.push('open') },
          { label: 'Acknowledge', run: () => done.push('acknowledge') },
        ],
      }),
    );
    shown().emit('show');
    shown().emit('click');
    shown().emit('action', {}, 1);
    shown().emit('action', {}, 7);
    expect(done).toEqual(['click', 'acknowledge']);
    expect(shown().options.actions).toEqual([
      { type: 'button', text: 'Open' },
      { type: 'button', text: 'Acknowledge' },
    ]);
  });

  it.each([
    ['critical', 'never', false],
    ['normal', 'default', false],
    ['low', 'default', true],
  ] as const)('%s: stays %s, silent %s', (priority, timeoutType, silent) => {
    void createNotifier(Native, 'linux').show(notification({ priority }));
    shown().emit('show');
    expect(shown().options).toMatchObject({ urgency: priority, timeoutType, silent });
  });

  it('shows markup in a name as it is written, where the desktop reads bodies as markup', () => {
    const body = '<b>web</b> & co';
    void createNotifier(Native, 'linux').show(notification({ body }));
    expect(shown().options.body).toBe('&lt;b&gt;web&lt;/b&gt; &amp; co');
    void createNotifier(Native, 'darwin').show(notification({ body }));
    expect(shown().options.body).toBe(body);
    FakeNative.shown.forEach((one) => one.emit('show'));
  });
});
