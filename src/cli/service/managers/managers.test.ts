import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execStartOf } from '../testing/exec-start';
import { MARK, serviceArgv, type ServiceManagerKind, type ServiceRequest, type ServiceScope } from './definition';
import { runningManager, SERVICE_MANAGERS, WINDOW_AUTOSTART } from './list';

const NASTY = String.raw`/srv/a b/100%/$HOME/"q"/it's/back\slash`;

const request = (changes: Partial<ServiceRequest> = {}): ServiceRequest => ({
  ...{ scope: 'system', node: '/usr/bin/node', script: '/opt/healdeck/bin/healdeck.js', dataDir: '/var/lib/healdeck' },
  ...{ runOptions: [], sendsItself: true, uid: 1000 },
  places: { home: () => '/home/ada', config: () => '/home/ada/.config' },
  ...changes,
});

function kindOf(name: string): ServiceManagerKind {
  const kind = SERVICE_MANAGERS.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no ${name}`);
  return kind;
}

const textOf = (name: string, changes: Partial<ServiceRequest> = {}): string =>
  kindOf(name).plan(request(changes)).text;

/** What a POSIX shell makes of `exec …` at the end of a script. */
function shellArgv(text: string, assignment: string): string[] {
  const script = `${text}\nprintf '%s\\0' ${assignment}`;
  return spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1);
}

describe.each(SERVICE_MANAGERS.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it.each([...kind.scopes])('writes a file of its own, marked, with nothing of the environment (%s)', (scope) => {
    const { file, text } = kind.plan(request({ scope }));
    expect(file).toMatch(/healdeck/);
    expect(text).toContain(MARK);
    expect(text).not.toMatch(/PATH|Environment=|HEALDECK_/);
  });
});

describe('systemd', () => {
  it.each<[ServiceScope, string, string]>([
    ['user', '/home/ada/.config/systemd/user/healdeck.service', 'default.target'],
    ['system', '/etc/systemd/system/healdeck.service', 'multi-user.target'],
  ])('has a unit of a %s', (scope, file, target) => {
    const plan = kindOf('systemd').plan(request({ scope }));
    expect(plan.file).toBe(file);
    for (const line of ['Type=notify', 'Restart=always', 'KillMode=process', 'Delegate=yes', `WantedBy=${target}`])
      expect(plan.text.split('\n')).toContain(line);
    expect(plan.enable.map((argv) => argv.includes('--user'))).toEqual(Array(3).fill(scope === 'user'));
  });

  it.each(['/usr/bin/node', NASTY, '/a\nb', '/ä$$x', '/%%', '/;', '/~x', '/\x1b[2J'])('starts %j as it is', (path) => {
    const paths = request({ node: path, script: path, dataDir: path, runOptions: ['--port', '7710'] });
    expect(execStartOf(kindOf('systemd').plan(paths).text)).toEqual(serviceArgv(paths));
  });

  it('limits no program of root but by capabilities, and none of a user at all', () => {
    const hardening = /NoNewPrivileges|Protect|Private|SystemCall|Restrict|ReadOnly|UMask|MemoryDeny/;
    expect(textOf('systemd')).not.toMatch(hardening);
    expect(textOf('systemd', { scope: 'user' })).not.toMatch(/Capabilit|OOMScore/);
  });

  it('has each line explained in docs/service.md, and none that is left out there', () => {
    const [, said = '', leftOut = ''] = readFileSync('docs/service.md', 'utf8').split(/^### .*$/m);
    const service = /\[Service\]\n([^]*?)\n\n\[Install\]/.exec(textOf('systemd'))?.[1] ?? '';
    const keys = [...service.matchAll(/^(\w+)=/gm)].map(([, key]) => key);
    const trivial = ['ExecStart', 'RestartSec', 'TimeoutStartSec', 'TimeoutStopSec'];
    expect(keys.filter((key) => !trivial.includes(key ?? '') && !said.includes(`\`${key}=`))).toEqual([]);
    const named = [...leftOut.matchAll(/`(\w+)=`/g)].map(([, key]) => key);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((key) => keys.includes(key))).toEqual([]);
  });

  it('lets only the engine speak for it, but where a helper has to', () => {
    expect(textOf('systemd')).toContain('NotifyAccess=main\n');
    expect(textOf('systemd', { sendsItself: false })).toContain('NotifyAccess=all\n');
  });

  const canVerify = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.runIf(canVerify).each<ServiceScope>(['user', 'system'])('is valid to systemd itself (%s)', (scope) => {
    const dir = mkdtempSync(join(tmpdir(), 'healdeck unit %n'));
    try {
      const node = join(dir, 'a $b', 'node');
      mkdirSync(join(dir, 'a $b'));
      writeFileSync(node, '#!/bin/sh\n');
      chmodSync(node, 0o755);
      const unit = join(dir, 'healdeck.service');
      const text = textOf('systemd', { scope, node, dataDir: NASTY });
      const verify = (content: string): string => {
        writeFileSync(unit, content);
        const mode = scope === 'user' ? ['--user'] : [];
        const { stderr } = spawnSync('systemd-analyze', ['verify', ...mode, '--man=no', unit], {
          env: { ...process.env, XDG_RUNTIME_DIR: dir },
          encoding: 'utf8',
        });
        return stderr
          .split('\n')
          .filter((line) => line.includes('healdeck'))
          .join('\n');
      };
      expect(verify(text)).toBe('');
      expect(verify(text.replace('KillMode=process', 'KillMode=programs'))).toContain('kill mode');
      expect(verify(text.replace('ExecStart=', 'ExecStart=/nowhere'))).not.toBe('');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('a script', () => {
  it.each([NASTY, '/a\nb', "/'", '/$(id)'])('of runit starts %j as it is', (path) => {
    const paths = request({ node: path, script: path, dataDir: path });
    const words = /^exec (?!2>)([^]*)\n$/m.exec(kindOf('runit').plan(paths).text)?.[1] ?? '';
    expect(shellArgv('', words)).toEqual(serviceArgv(paths));
  });

  it.each([NASTY, "/'", '/$(id)'])('of OpenRC starts %j as it is', (path) => {
    const paths = request({ node: path, script: path, dataDir: path });
    const { text } = kindOf('openrc').plan(paths);
    // openrc-run evaluates the arguments once more, as in: eval start $command_args
    const body = text.replace('depend() {', 'depend() {').replace('#!/sbin/openrc-run', '');
    const [command, args = ''] = shellArgv(body, '"$command" "$command_args"');
    expect([command, ...shellArgv('', args)]).toEqual(serviceArgv(paths));
  });
});

describe('what was not run here, as text', () => {
  it('is a property list for launchd', () => {
    const text = textOf('launchd', { dataDir: '/a & <b>' });
    expect(text).toContain('<string>/a &amp; &lt;b&gt;</string>');
    expect(text).toContain('<key>KeepAlive</key>\n  <true/>');
    expect(text).toContain('<key>AbandonProcessGroup</key>\n  <true/>');
    expect(kindOf('launchd').plan(request({ scope: 'user' })).file).toBe(
      '/home/ada/Library/LaunchAgents/org.healdeck.engine.plist',
    );
  });

  it('is a task for Windows', () => {
    const text = textOf('task-scheduler', {
      node: String.raw`C:\Program Files\node.exe`,
      dataDir: String.raw`C:\a b\ `.trim(),
    });
    expect(text).toContain(String.raw`<Command>C:\Program Files\node.exe</Command>`);
    expect(text).toContain(String.raw`--data-dir &quot;C:\a b\\&quot;</Arguments>`);
    expect(text).toContain('<BootTrigger />');
    expect(textOf('task-scheduler', { scope: 'user' })).toContain('<LogonTrigger />');
  });

  it('is an entry of the desktop, which opens the window', () => {
    const { file, text, enable } = WINDOW_AUTOSTART.plan(request({ scope: 'user', dataDir: '/a b/100%/$x"\\' }));
    expect(file).toBe('/home/ada/.config/autostart/healdeck.desktop');
    expect(enable).toEqual([]);
    expect(text).toContain(
      String.raw`Exec=/usr/bin/node /opt/healdeck/bin/healdeck.js run --data-dir "/a b/100%%/\\$x\\"\\\\"` + '\n',
    );
  });
});

describe('the service manager of a machine', () => {
  it.each<[string, string | null, string[], string | null]>([
    ['linux', 'systemd', ['/run/systemd/system'], 'systemd'],
    ['linux', 'init', ['/run/openrc'], 'openrc'],
    ['linux', 'runit', [], 'runit'],
    ['linux', 'node', ['/etc/runit/runsvdir'], null],
    ['darwin', null, [], 'launchd'],
    ['win32', null, [], 'task-scheduler'],
  ])('of %s with %s and %j is %s', (platform, init, paths, name) => {
    const found = runningManager({ platform, init, exists: (path) => paths.includes(path) });
    expect(found?.name ?? null).toBe(name);
  });
});
