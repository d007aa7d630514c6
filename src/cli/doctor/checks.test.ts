import { describe, expect, it } from 'vitest';
import type { DeliveryProblem } from '../../shared/model/delivery';
import type { Distress, EndNoticesStatus, ServiceNoticesStatus } from '../../shared/model/snapshot';
import { judge, type DoctorFacts } from './checks';
import { mountOfProc } from './facts';

const healthy: DoctorFacts = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  nodeVersion: '20.20.0',
  electron: { found: true, executable: '/e/electron' },
  sessionBus: 'reachable',
  proc: { readable: true, hidepid: null, seesInit: true },
  init: { isEngine: false, unreaped: 0 },
  cgroups: { version: 2, writable: true },
  dataDir: { path: '/d', state: 'directory', writable: true, mode: 0o700, ownedByUs: true, unsafe: null },
  engine: {
    ...{ state: 'running', pid: 1, version: '1', shell: 'headless', unwrittenEvents: 0, distress: [], inspector: null },
    endNotices: { by: 'kernel', exits: true },
    serviceNotices: { at: 'receiving', address: '/d/notify.sock' },
  },
  atBoot: { manager: 'systemd', service: { scope: 'system', isEnabled: true }, lingers: false },
  isRoot: false,
  alerts: {
    channels: [
      {
        ...{ channel: 'mail', state: 'ready', recipients: ['ada@example.org'], description: 'smtp.example.org:587' },
        ...{ problem: null, lastSentAt: null },
      },
    ],
    failed: 0,
    warnings: [],
  },
  programsOfRoot: null,
  descriptorLimit: 65_536,
};

const running = healthy.engine;
if (running.state !== 'running') throw new Error('expected an engine');
const [mail] = healthy.alerts?.channels ?? [];
if (mail === undefined) throw new Error('expected a channel');
const refused: DeliveryProblem = {
  step: 'login',
  message: '535 Authentication failed',
  advice: 'check the password',
  temporary: false,
};

const FULL_DISK: Distress = {
  kind: 'disk_space',
  ...{ subject: '/', severity: 'high', sinceAt: 0, incident: 1 },
  detail: 'Disk / is 97 % full: 1 GB of 40 GB available',
};

const atBoot = (scope: 'user' | 'system', isEnabled: boolean, lingers: boolean): DoctorFacts['atBoot'] => ({
  ...{ manager: 'systemd', lingers },
  service: { scope, isEnabled },
});

describe('the doctor', () => {
  it('is content with a service of a user who lingers', () => {
    const checks = judge({ ...healthy, atBoot: atBoot('user', true, true) });
    expect(checks.find(({ name }) => name === 'starts at boot')).toMatchObject({
      result: 'ok',
      finding: 'yes, by systemd',
    });
  });

  it('has nothing to say about a healthy machine', () => {
    expect(judge(healthy).filter(({ result, advice }) => result !== 'ok' || advice !== null)).toEqual([]);
  });

  it.each<[string, Partial<DoctorFacts>, 'warn' | 'fail']>([
    ['node', { nodeVersion: '20.18.9' }, 'fail'],
    ['display', { env: {} }, 'warn'],
    ['electron', { electron: { found: false, problem: 'x' } }, 'warn'],
    ['keyring', { sessionBus: 'missing' }, 'warn'],
    ['/proc', { proc: { readable: false, hidepid: null, seesInit: false } }, 'fail'],
    ['/proc', { proc: { readable: true, hidepid: '2', seesInit: false } }, 'warn'],
    ['starts at boot', { atBoot: { manager: null, service: null, lingers: false } }, 'warn'],
    ['starts at boot', { atBoot: { manager: 'systemd', service: null, lingers: true } }, 'warn'],
    ['starts at boot', { atBoot: atBoot('system', false, true) }, 'warn'],
    ['starts at boot', { atBoot: atBoot('user', true, false) }, 'warn'],
    ['init', { init: { isEngine: true, unreaped: 0 } }, 'warn'],
    ['init', { init: { isEngine: false, unreaped: 43 } }, 'warn'],
    ['data directory', { dataDir: { ...healthy.dataDir, state: 'other' } }, 'fail'],
    ['data directory', { dataDir: { ...healthy.dataDir, writable: false } }, 'fail'],
    ['data directory', { dataDir: { ...healthy.dataDir, mode: 0o755 } }, 'warn'],
    ['data directory', { dataDir: { ...healthy.dataDir, ownedByUs: false } }, 'warn'],
    [
      'data directory',
      { dataDir: { ...healthy.dataDir, unsafe: '/home can be written by its group. Run: …' } },
      'fail',
    ],
    ['socket', { engine: { state: 'unreachable', pid: 7 } }, 'fail'],
    ['inspector', { engine: { ...running, inspector: '--inspect=0' } }, 'warn'],
    ['engine', { engine: { state: 'none' } }, 'warn'],
    ['engine', { engine: { state: 'trouble', problem: 'x' } }, 'fail'],
    ['alerts', { alerts: { channels: [{ ...mail, state: 'off' }], failed: 0, warnings: [] } }, 'warn'],
    [
      'mail',
      { alerts: { channels: [{ ...mail, state: 'failing', problem: refused }], failed: 0, warnings: [] } },
      'warn',
    ],
    ['outbox', { alerts: { channels: [mail], failed: 2, warnings: [] } }, 'warn'],
    ['alerts', { alerts: { channels: [mail], failed: 0, warnings: ['mail.password is not encrypted'] } }, 'warn'],
    ['privileges', { programsOfRoot: ['web'] }, 'warn'],
    ['open files', { descriptorLimit: 256 }, 'warn'],
    ['cgroups', { cgroups: { version: 2, writable: false } }, 'warn'],
    ['ends of processes', { engine: { ...running, endNotices: { by: 'polling', reason: 'no koffi' } } }, 'warn'],
    ['machine', { engine: { ...running, distress: [FULL_DISK] } }, 'warn'],
    ['NOTIFY_SOCKET', { engine: { ...running, serviceNotices: { at: 'unavailable', reason: 'no koffi' } } }, 'warn'],
    ['cgroups', { cgroups: { version: 1, writable: false } }, 'warn'],
    ['cgroups', { cgroups: { version: 0, writable: false } }, 'warn'],
  ])('finds trouble with %s and says what to do', (name, trouble, result) => {
    const found = judge({ ...healthy, ...trouble }).filter((check) => check.result !== 'ok');
    expect(found).toMatchObject([{ name, result, advice: expect.any(String) }]);
  });

  it('says how ends of processes are noticed, and why so', () => {
    const findingOf = (endNotices: EndNoticesStatus, platform = 'linux'): string | undefined =>
      judge({ ...healthy, platform, engine: { ...running, endNotices } })
        .filter(({ name }) => name === 'ends of processes')
        .map(({ result, finding }) => `${result}: ${finding}`)[0];
    expect(findingOf({ by: 'kernel', exits: true })).toMatch(/^ok: .*at once.*with exit code or signal$/);
    expect(findingOf({ by: 'kernel', exits: false })).toMatch(/^ok: .*at once.*Linux 6\.15 and newer/);
    expect(findingOf({ by: 'kernel', exits: true, atMost: 256 })).toMatch(
      /^warn: .*at once.*; of 256 processes only, the others are polled every 100 ms$/,
    );
    const polling = { by: 'polling', reason: 'this kernel has no pidfd_open(2)' } as const;
    expect(findingOf(polling)).toMatch(/^warn: .*every 100 ms.*exit codes are unknown: this kernel has no pidfd_open/);
    expect(findingOf({ ...polling, reason: 'darwin has no pidfds' }, 'darwin')).toMatch(/^ok: .*darwin/);
  });

  it('says whether programs can report their readiness, and why not', () => {
    const findingOf = (serviceNotices: ServiceNoticesStatus | null, platform = 'linux'): string | undefined =>
      judge({ ...healthy, platform, engine: { ...running, serviceNotices } })
        .filter(({ name }) => name === 'NOTIFY_SOCKET')
        .map(({ result, finding }) => `${result}: ${finding}`)[0];
    expect(findingOf({ at: 'receiving', address: '/d/notify.sock' })).toMatch(/^ok: .* \/d\/notify\.sock/);
    const reason = 'the thread ended';
    expect(findingOf({ at: 'held_up', address: '/d/notify.sock', reason })).toMatch(/^warn: .*: the thread ended$/);
    expect(findingOf({ at: 'unavailable', reason: 'no koffi' })).toMatch(/^warn: not available.*: no koffi$/);
    expect(findingOf({ at: 'unavailable', reason: 'this is darwin' }, 'darwin')).toMatch(/^ok: .*darwin$/);
    expect(findingOf(null)).toBeUndefined();
  });

  it('does not ask other systems for what only Linux has', () => {
    const names = judge({ ...healthy, platform: 'darwin', proc: null, cgroups: null, descriptorLimit: null }).map(
      ({ name }) => name,
    );
    expect(names).not.toContain('/proc');
    expect(names).not.toContain('open files');
    expect(names).not.toContain('cgroups');
  });

  it('reads the mount of /proc that covers the others', () => {
    const first = 'proc /proc proc rw,hidepid=2 0 0\n';
    const second = 'proc /proc proc rw,relatime 0 0\ntmpfs /run tmpfs rw 0 0\n';
    expect(mountOfProc(first + second)).toBe('proc /proc proc rw,relatime 0 0');
    expect(mountOfProc(second + first)).toContain('hidepid=2');
  });
});
