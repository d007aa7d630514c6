import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../main/adapters/testing/children';
import { CliFailure } from '../failure';
import type { Io } from '../io';
import { CliBench } from '../testing/cli-bench';
import { serviceHost, type RunResult, type ServiceHost } from './host';
import { DifferentFile, installService, type InstallReport } from './install';
import { lineDiff } from './line-diff';
import { runningManager } from './managers/list';
import { MARK, type ServiceScope } from './managers/definition';
import { execStartOf } from './testing/exec-start';
import { serviceStatus } from './status';
import { installText, statusText, uninstallText } from './text';
import { uninstallService } from './uninstall';

const OK: RunResult = { code: 0, out: '', err: '', isMissing: false };

let folder: ReturnType<typeof temporaryFolder>;
let ran: string[];
/** What commands answer that contain these words. */
let answers: Record<string, Partial<RunResult>>;
let present: string[];

beforeEach(() => {
  folder = temporaryFolder();
  [ran, answers, present] = [[], {}, ['/run/systemd/system']];
});
afterEach(() => {
  chmodSync(folder.path, 0o700);
  folder.remove();
});

function machine(): ServiceHost {
  return {
    ...{ platform: 'linux', init: 'systemd', env: {}, uid: process.getuid?.() ?? -1 },
    user: () => 'ada',
    places: { home: () => folder.path, config: () => join(folder.path, '.config') },
    exists: (path) => present.includes(path),
    run: (argv) => {
      const words = argv.join(' ');
      const shown = words.includes(' show ');
      if (!shown) ran.push(words);
      const known = Object.keys(answers).find((each) => words.includes(each));
      return Promise.resolve({ ...OK, ...(known === undefined ? {} : answers[known]) });
    },
  };
}

function prepare(scope: ServiceScope = 'user') {
  const host = machine();
  const kind = runningManager(host);
  if (kind === null) throw new Error('expected systemd');
  const plan = kind.plan({
    ...{ scope, node: '/usr/bin/node', script: '/opt/h.js', dataDir: '/d', runOptions: [], sendsItself: true },
    ...{ places: host.places, uid: 1000 },
  });
  return { host, kind, scope, plan };
}

const install = (options: { force?: boolean; engine?: number } = {}): Promise<InstallReport> =>
  installService({ ...prepare(), force: options.force ?? false, engine: options.engine ?? null });
const file = (): string => join(folder.path, '.config/systemd/user/healdeck.service');
const plant = (text: string): void => {
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), text);
};
const START = [
  'systemctl --user daemon-reload',
  'systemctl --user enable healdeck.service',
  'systemctl --user start healdeck.service',
];

describe('the installation of a service', () => {
  it('writes a unit that everybody can read, enables and starts it, and hints at lingering', async () => {
    const before = process.umask(0o077);
    const report = await install().finally(() => process.umask(before));
    expect(report).toMatchObject({ outcome: 'installed', scope: 'user', file: file(), manager: 'systemd' });
    expect(readFileSync(file(), 'utf8')).toBe(prepare().plan.text);
    expect(lstatSync(file()).mode & 0o777).toBe(0o644);
    expect(ran).toEqual(START);
    expect(installText(report)).toBe(
      `Installed as a service of this user: ${file()}\nWithout lingering it runs only while you are logged in; to have it from boot on: loginctl enable-linger\n`,
    );
  });

  it('twice says so, and starts what may have been stopped', async () => {
    present.push('/var/lib/systemd/linger/ada');
    await install();
    const report = await install();
    expect(ran).toEqual([...START, ...START]);
    expect(installText(report)).toBe(`Installed already, nothing to change: ${file()}\n`);
  });

  it('never overwrites other content, and shows the difference', async () => {
    plant('[Service]\nExecStart=/mine\n');
    const error = await install().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DifferentFile);
    expect((error as DifferentFile).message).toBe(`${file()} exists with other content; --force replaces it`);
    expect((error as DifferentFile).diff).toEqual(
      expect.arrayContaining(['- ExecStart=/mine', '  [Service]', '+ Restart=always']),
    );
    expect(readFileSync(file(), 'utf8')).toContain('/mine');
    expect(ran).toEqual([]);
  });

  it('replaces it by force, and starts the service anew', async () => {
    plant('[Service]\nExecStart=/mine\n');
    expect((await install({ force: true })).outcome).toBe('replaced');
    expect(ran).toEqual([...START.slice(0, 2), 'systemctl --user restart healdeck.service']);
    expect(readFileSync(file(), 'utf8')).not.toContain('/mine');
  });

  it.each([
    ['/dev/null', /is masked .*unmask it first/],
    ['/etc/hostname', /is a symbolic link to \/etc\/hostname/],
  ])('does not follow a link to %s, not even by force', async (target, words) => {
    mkdirSync(dirname(file()), { recursive: true });
    symlinkSync(target, file());
    await expect(install({ force: true })).rejects.toThrow(words);
    expect(lstatSync(file()).isSymbolicLink()).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('replaces nothing that belongs to somebody else', async () => {
    plant('x');
    const { chownSync } = await import('node:fs');
    chownSync(file(), 12345, 12345);
    await expect(install({ force: true })).rejects.toThrow('belongs to another user (uid 12345)');
  });

  it('writes nowhere where another user could exchange the unit', async () => {
    mkdirSync(dirname(file()), { recursive: true });
    chmodSync(dirname(file()), 0o777);
    await expect(install()).rejects.toThrow(/can be written by its group and everybody/);
    expect(existsSync(file())).toBe(false);
  });

  it('says what is in the way, and leaves no half of a file', async () => {
    mkdirSync(join(folder.path, '.config'));
    writeFileSync(join(folder.path, '.config/systemd'), '');
    await expect(install()).rejects.toThrow(`${file()} can't be`);
  });

  it('waits for no second engine on the same directory', async () => {
    await expect(install({ engine: 4711 })).rejects.toThrow(/already \(pid 4711\); end it first.*kill -TERM 4711/);
    expect(existsSync(file())).toBe(false);
    answers['MainPID'] = { out: '4711\n' };
    expect((await install({ engine: 4711 })).outcome).toBe('installed');
  });

  it.each([
    ['Failed to connect to bus: No medium found', /no user manager.*XDG_RUNTIME_DIR/],
    ['Job failed because the control process exited with error code.', /journalctl -n 20 -u healdeck/],
  ])('that fails with "%s" says what to do', async (err, words) => {
    answers['daemon-reload'] = { code: 1, err: `${err}\n` };
    await expect(install()).rejects.toThrow(words);
  });
});

describe('the removal of a service', () => {
  const uninstall = (force = false) =>
    uninstallService({
      ...{ ...prepare(), force },
      programs: [
        { watch: 'web', pids: [process.pid] },
        { watch: 'gone', pids: [] },
      ],
    });

  it('stops the engine, and says which programs go on', async () => {
    await install();
    ran = [];
    const report = await uninstall();
    expect(ran).toEqual(['systemctl --user disable --now healdeck.service', 'systemctl --user daemon-reload']);
    expect(existsSync(file())).toBe(false);
    expect(uninstallText(report)).toBe(
      `Removed the service of this user: ${file()}\nThese programs go on running, and nobody watches them: web (pid ${process.pid})\n`,
    );
  });

  it('that is not there is said so', async () => {
    expect(uninstallText(await uninstall())).toBe(`No service of this user is installed (${file()} does not exist)\n`);
    expect(ran).toEqual([]);
  });

  it('removes nothing that somebody else has written, but by force', async () => {
    plant('[Service]\nExecStart=/mine\n');
    await expect(uninstall()).rejects.toThrow('was not written by this command');
    expect(ran).toEqual([]);
    expect((await uninstall(true)).outcome).toBe('removed');
  });

  it('leaves the file where the engine could not be stopped', async () => {
    await install();
    answers['disable'] = { code: 1, err: 'Access denied' };
    await expect(uninstall()).rejects.toThrow('Access denied');
    expect(existsSync(file())).toBe(true);
  });
});

describe('the status of a service', () => {
  const shown = async (engineVersion: string | null, version = '0.1.0'): Promise<string> => {
    const status = await serviceStatus(prepare());
    return statusText({ ...status, engineVersion }, version, (at) => new Date(at).toISOString());
  };

  it('says what runs, since when, and whether it is of this version', async () => {
    await install();
    answers['FragmentPath'] = {
      out: [
        ...[`FragmentPath=${file()}`, 'UnitFileState=enabled', 'ActiveState=active', 'MainPID=4711', 'NRestarts=2'],
        ...['ActiveEnterTimestamp=Tue 2026-12-01 03:36:52 UTC', 'StatusText=api is down', 'NeedDaemonReload=no', ''],
      ].join('\n'),
    };
    expect(await shown('0.1.0')).toBe(
      [
        'service   of this user, systemd',
        `file      ${file()}`,
        'at boot   enabled',
        'state     active since 2026-12-01T03:36:52.000Z',
        'engine    pid 4711, version 0.1.0 (this version)',
        'restarts  2 by the service manager',
        'reports   api is down\n',
      ].join('\n'),
    );
    expect(await shown('0.0.9')).toContain('version 0.0.9 (this command is version 0.1.0: restart the service)');
    expect(await shown(null)).toContain('pid 4711; it does not answer');
  });

  it('says that none is there, or another one', async () => {
    expect(await shown(null)).toBe(`No service of this user is installed (${file()} does not exist)\n`);
    plant('[Service]\n');
    answers['FragmentPath'] = { code: 1, err: 'Failed to connect to bus: No medium found' };
    expect(await shown(null)).toContain('(not as this version writes it)');
    expect(await shown(null)).toContain('problem   Failed to connect to bus: No medium found');
  });
});

describe('a difference of two files', () => {
  it.each([
    ['a\nb\n', 'a\nb\n', ['  a', '  b']],
    ['a\nb\nc\n', 'a\nx\nc\n', ['  a', '- b', '+ x', '  c']],
    ['', 'a\n', ['- ', '+ a']],
    ['a\n', 'a\nb\n', ['  a', '+ b']],
  ])('of %j and %j', (before, after, lines) => expect(lineDiff(before, after)).toEqual(lines));

  it('of a huge one is the whole of both', () => {
    expect(lineDiff('x\n'.repeat(10_000), 'y\n')).toHaveLength(10_001);
  });
});

describe('the command line', () => {
  let bench: CliBench;
  beforeEach(() => {
    bench = new CliBench();
  });
  afterEach(() => bench.dispose());

  it.each([
    [['--user', '--system'], 2, "option '--user' cannot be used with option '--system'"],
    [['--manager', 'upstart'], 2, 'Allowed choices are systemd, openrc, runit'],
    [['--window', '--system', '--dry-run'], 1, 'the desktop session belongs to one user: repeat this without --system'],
    [
      ['--user', '--manager', 'runit', '--dry-run'],
      1,
      'runit has services of the machine only: repeat this with --system',
    ],
    [['--port', '70000'], 2, 'port'],
  ])('%j is refused in words', async (options, exitCode, words) => {
    expect(await bench.run('service', 'install', ...options)).toMatchObject({
      exitCode,
      out: '',
      err: expect.stringContaining(words),
    });
  });

  it('prints a unit that is whole on a narrow terminal, and does nothing', async () => {
    bench.columns = 40;
    const { out, err } = await bench.run(
      'service',
      'install',
      '--dry-run',
      '--user',
      '--manager',
      'systemd',
      '--port',
      '7710',
    );
    expect(execStartOf(out).slice(2)).toEqual([
      'run',
      '--headless',
      '--no-address',
      '--data-dir',
      bench.dataDir,
      '--port',
      '7710',
    ]);
    expect(out.startsWith(`# ${MARK}\n`)).toBe(true);
    expect(err).toContain('\nThen:\n  systemctl --user daemon-reload\n');
    expect(existsSync('/nowhere/.config')).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('says what to do by hand for runit', async () => {
    const { exitCode, err } = await bench.run('service', 'install', '--manager', 'runit');
    expect(exitCode).toBe(1);
    expect(err).toContain('ln -s /etc/sv/healdeck /etc/service/healdeck');
    expect(existsSync('/etc/sv/healdeck')).toBe(false);
  });

  it('of somebody who has no home says so', () => {
    const homeless = {
      ...{ platform: 'linux', env: {} },
      get homedir(): string {
        throw new CliFailure('no home');
      },
    } as unknown as Io;
    expect(() => serviceHost(homeless).places.config()).toThrow(/this user has no home directory.*XDG_CONFIG_HOME/);
    expect(
      serviceHost({ ...{ platform: 'linux', env: { XDG_CONFIG_HOME: '/x/' } } } as unknown as Io).places.config(),
    ).toBe('/x');
  });
});
