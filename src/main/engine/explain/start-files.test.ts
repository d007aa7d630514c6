import { describe, expect, it } from 'vitest';
import { filesNamedIn, filesOfStart, programFilesOf } from './start-files';

const base = { cwd: '/srv/app', executable: null, path: '/usr/local/bin:/usr/bin::relative' };

describe('the files of a start', () => {
  it('are its program, its script, what its arguments name, and the lock files beside the script', () => {
    const files = filesOfStart({
      ...base,
      argv: [
        'node',
        '--enable-source-maps',
        'lib/server.js',
        '--config=../etc/app.yaml',
        'https://example.org/a.js',
        'x',
      ],
    });
    expect(files.slice(0, 4)).toEqual([
      '/usr/local/bin/node',
      '/usr/bin/node',
      '/srv/app/lib/server.js',
      '/srv/etc/app.yaml',
    ]);
    expect(files).toContain('/srv/app/lib/package-lock.json');
    expect(files.some((file) => file.includes('example.org'))).toBe(false);
  });

  it('make up its version as far as they are the program, and not what it works on', () => {
    const argv = ['node', 'lib/server.js', '/var/lib/app/data.db'];
    const files = programFilesOf({ ...base, argv, executable: '/opt/node' });
    expect(files.slice(0, 4)).toEqual(['/opt/node', '/usr/local/bin/node', '/usr/bin/node', '/srv/app/lib/server.js']);
    expect(files).toContain('/srv/app/lib/package.json');
    expect(files).not.toContain('/var/lib/app/data.db');
    expect(programFilesOf({ ...base, argv: ['java', '-jar', 'app.jar'] })).toContain('/srv/app/app.jar');
  });

  it('are the executable where that is known, and the script that it runs', () => {
    expect(filesOfStart({ ...base, argv: ['./run.sh'], executable: '/usr/bin/dash' })).toEqual([
      '/usr/bin/dash',
      '/srv/app/run.sh',
    ]);
  });

  it('of a program without an interpreter have no lock files', () => {
    expect(filesOfStart({ ...base, argv: ['./server', '-c', 'server.conf'] })).toEqual([
      '/srv/app/server',
      '/srv/app/server.conf',
    ]);
  });

  it('are few, however long the command line is', () => {
    const argv = ['sort', ...Array.from({ length: 5000 }, (_, at) => `part-${at}.csv`)];
    expect(filesOfStart({ ...base, argv }).length).toBeLessThan(30);
  });

  it('of nothing are none', () => {
    expect(filesOfStart({ ...base, argv: [] })).toEqual([]);
  });
});

describe('files that last words name', () => {
  it.each([
    ['  File "/srv/app/db.py", line 12, in connect', '/srv/app/db.py'],
    ['    at connect (/srv/app/lib/db.js:12:9)', '/srv/app/lib/db.js'],
    ['    at file:///srv/app/lib/db.mjs:12:9', '/srv/app/lib/db.mjs'],
    ['\t/srv/app/main.go:41 +0x1d', '/srv/app/main.go'],
    ['lib/db.rb:3:in `connect`', '/srv/app/lib/db.rb'],
  ])('%s', (line, path) => {
    expect(filesNamedIn([line], '/srv/app')).toEqual([path]);
  });

  it('are none of a runtime or of packages', () => {
    const lines = [
      '    at Module._compile (node:internal/modules/cjs/loader:1554:14)',
      '    at f (/srv/app/node_modules/x/index.js:1:1)',
      '  File "/usr/lib/python3.11/runpy.py", line 196, in x',
    ];
    expect(filesNamedIn(lines, '/srv/app')).toEqual([]);
  });

  it('are none that lie on no disk, whatever way leads there', () => {
    const paths = ['/proc/1/cwd/x.js', '/sys/x.js', '/srv/../dev/x.js', '/proc/self/../1/root/x.js'];
    expect(
      filesNamedIn(
        paths.map((path) => `at f (${path}:1:1)`),
        '/srv/app',
      ),
    ).toEqual([]);
    expect(filesNamedIn(['../../proc/kcore.js:1'], '/srv/app')).toEqual([]);
  });

  it('are found in no time, also in lines that are made to take some', () => {
    const lines = ['./', 'a.', '../a', 'a.a:1'].map((part) => part.repeat(1000));
    const tail = Array.from({ length: 2000 }, (_, at) => lines[at % lines.length] ?? '');
    const before = process.cpuUsage();
    expect(filesNamedIn(tail, '/srv').length).toBeLessThanOrEqual(8);
    expect(process.cpuUsage(before).user).toBeLessThan(600_000);
  });

  it('are not looked for where the directory is not known', () => {
    expect(filesNamedIn(['lib/db.rb:3:in x', ' (/srv/a.js:1:1)'], null)).toEqual(['/srv/a.js']);
  });
});
