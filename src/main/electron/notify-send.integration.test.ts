import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DesktopNotification, Notifier } from '../compose';
import { createNotifySend, sessionEnvironment, type NotifySend } from './notify-send';

/** As notify-send(1) of libnotify 0.8: a number once the server has it, then what is clicked, here what a file says. */
const PROGRAM = `#!/bin/sh
cd "$(dirname "$0")"
if [ "$1" = --help ]; then cat help; exit; fi
if [ -e fails ]; then echo 0; exit 1; fi
printf '%s\\n' "$@" > arguments
echo 7
while [ ! -e clicked ]; do sleep 0.02; done
cat clicked
`;

describe.skipIf(process.platform === 'win32')('a notification with buttons under Linux', () => {
  let folder: string;
  let desktop: NotifySend;
  let fallback: Notifier & { shown: DesktopNotification[] };
  let done: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'healdeck-notify-'));
    const program = join(folder, 'notify-send');
    writeFileSync(program, PROGRAM);
    chmodSync(program, 0o755);
    write('help', '  -A, --action=[NAME=]Text...   Specifies the actions to display to the user.\n');
    const shown: DesktopNotification[] = [];
    fallback = {
      shown,
      supported: true,
      show: (one) => {
        shown.push(one);
        return Promise.resolve(true);
      },
    };
    done = [];
    desktop = createNotifySend({ fallback, program, env: sessionEnvironment() });
  });
  afterEach(() => {
    desktop.dispose();
    rmSync(folder, { recursive: true });
  });

  // Whole from the moment it is there: the program may look between the two.
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const notification: DesktopNotification = {
    title: '-web crashed',
    body: 'exit code 3 < 4 & more',
    priority: 'critical',
    actions: [
      { label: 'Open', run: () => done.push('open') },
      { label: 'Acknowledge', run: () => done.push('acknowledge') },
    ],
    onOpen: () => done.push('click'),
  };

  it.each([
    ['0', 'open'],
    ['1', 'acknowledge'],
    ['default', 'click'],
  ])('does what was clicked (%s)', async (action, expected) => {
    expect(await desktop.show(notification)).toBe(true);
    expect(done).toEqual([]);
    write('clicked', `${action}\n`);
    await vi.waitFor(() => expect(done).toEqual([expected]), { timeout: 30_000 });
    expect(readFileSync(join(folder, 'arguments'), 'utf8').split('\n')).toEqual([
      '--print-id',
      '--app-name=Healdeck',
      '--urgency=critical',
      '--action=default=Open',
      '--action=0=Open',
      '--action=1=Acknowledge',
      '--',
      '-web crashed',
      'exit code 3 &lt; 4 &amp; more',
      '',
    ]);
    expect(fallback.shown).toEqual([]);
  });

  it('is shown without buttons where the program is missing, too old, or fails', async () => {
    write('fails', '');
    expect(await desktop.show(notification)).toBe(true);
    const old = createNotifySend({ fallback, program: 'cat', env: sessionEnvironment() });
    expect(await old.show(notification)).toBe(true);
    const missing = createNotifySend({ fallback, program: join(folder, 'none'), env: {} });
    expect(await missing.show(notification)).toBe(true);
    expect(fallback.shown).toHaveLength(3);
  });

  it('gives the program no secret of the environment', () => {
    const env = sessionEnvironment({ PATH: '/bin', DBUS_SESSION_BUS_ADDRESS: 'unix:x', HEALDECK_SMTP_PASSWORD: 'x' });
    expect(env).toEqual({ PATH: '/bin', DBUS_SESSION_BUS_ADDRESS: 'unix:x' });
  });
});
