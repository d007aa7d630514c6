import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../main/adapters/testing/children';
import { CliBench } from '../testing/cli-bench';

const has = (program: string): boolean => spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;

let bench: CliBench;
beforeEach(() => {
  bench = new CliBench();
});
afterEach(() => bench.dispose());

async function answer(...words: string[]): Promise<string[]> {
  const { exitCode, out, err } = await bench.run('complete', '--', ...words);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  const [kind = '', ...lines] = out.trimEnd().split('\n');
  return kind === ':file' ? [kind] : lines.map((line) => line.split('\t')[0] ?? '');
}

async function startShop(): Promise<void> {
  await bench.startEngine();
  await bench.run('add', 'web', '--group', 'shop', '--', 'sleep', '100');
  await bench.run('add', 'my worker', '--', 'sleep', '100');
}

describe('a command line', () => {
  it.each([
    [['sto'], ['stop']],
    [
      ['service', ''],
      ['install', 'status', 'uninstall'],
    ],
    [['help', 'serv'], ['service']],
    [
      ['settings', 'set', 'sampling.'],
      ['sampling.intervalMs', 'sampling.maxOwnCpuPercent'],
    ],
    [['settings', 'set', 'mail.tls', ''], expect.arrayContaining(['starttls', 'implicit', 'default'])],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['service', 'install', '--manager', 'r'], ['runit']],
    [['service', 'install', '--manager=r'], ['--manager=runit']],
    [['export', ''], [':file']],
    [['add', 'web', '--cwd', ''], [':file']],
    [['add', 'web', '--', 'no'], [':file']],
    [['add', ''], []],
    [['nothing-known', 'x', ''], []],
    [['--data-dir', '/x', 'vers'], ['version']],
    [['status', '--js'], ['--json']],
    [['status', '--data'], ['--data-dir']],
  ])('%j is completed by its tree alone', async (words, expected) => {
    expect(await answer(...words)).toEqual(expected);
  });

  it('begins with every command that the help lists, and with no other', async () => {
    const { out } = await bench.run('--help');
    const [, list = ''] = out.split('\nCommands:\n');
    const named = [...(list.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z][a-z-]*)\b/gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(30);
    expect(await answer('')).toEqual(named);
  });

  it('names watches and groups of the engine that runs, each once', async () => {
    await startShop();
    expect((await answer('stop', '')).toSorted()).toEqual(['my worker', 'web']);
    expect(await answer('stop', 'web', '')).toEqual(['my worker']);
    expect(await answer('edit', 'w')).toEqual(['web']);
    expect(await answer('add', 'api', '--after', 'w')).toEqual(['web']);
    expect(await answer('events', '--watch', 'my\\ w')).toEqual(['my worker']);
    expect(await answer('restart', '--group', '')).toEqual(['shop']);
    expect(await answer('rm', 'w')).toEqual(['web']);
    expect(await answer('restore', '')).toEqual([]);
  });

  it('is silent where no engine runs, or none can', async () => {
    expect(await answer('stop', '')).toEqual([]);
    expect(await answer('--data-dir', '/dev/null/x', 'stop', '')).toEqual([]);
  });
});

describe('a shell', () => {
  it('that is not known is refused with those that are', async () => {
    expect(await bench.run('completion', 'tcsh')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('bash, zsh, fish'),
    });
  });

  it('gets its script unbroken on a narrow terminal', async () => {
    bench.columns = 20;
    expect((await bench.run('completion', 'bash')).out).toContain(
      'mapfile -t lines < <("$1" complete -- "${words[@]}" 2>/dev/null)\n',
    );
  });

  describe('asks the real command', () => {
    let folder: ReturnType<typeof temporaryFolder>;
    beforeEach(() => {
      folder = temporaryFolder();
      mkdirSync(join(folder.path, 'bin'));
      symlinkSync(resolve('bin/healdeck.js'), join(folder.path, 'bin/healdeck'));
    });
    afterEach(() => folder.remove());

    /** What a shell makes of its script and some more. */
    function shell(name: string, args: readonly string[], script: string, after: string): string[] {
      const file = join(folder.path, 'script');
      writeFileSync(file, `${script}\n${after}\n`);
      const env = {
        PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: folder.path,
        HEALDECK_DATA_DIR: bench.dataDir,
      };
      const { stdout, stderr } = spawnSync(name, [...args, file], { env, encoding: 'utf8', timeout: 30_000 });
      expect(stderr).toBe('');
      return stdout.trimEnd().split('\n');
    }

    it.runIf(has('bash')).each([
      ['healdeck sta', '(healdeck sta)', ['status', 'start']],
      ['healdeck service install --manager=ope', '(healdeck service install --manager = ope)', ['openrc']],
      ['healdeck export /', '(healdeck export /)', ['']],
    ])('in bash: %s', async (line, words, expected) => {
      const { out } = await bench.run('completion', 'bash');
      const after = `complete -p healdeck >/dev/null; compopt() { :; }; COMP_WORDS=${words}; COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMP_LINE=${JSON.stringify(line)}
_healdeck healdeck; printf '%s\\n' "\${COMPREPLY[@]}"`;
      expect(shell('bash', ['--norc'], out, after).toSorted()).toEqual(expected.toSorted());
    });

    it.runIf(has('fish'))('in fish', async () => {
      const { out } = await bench.run('completion', 'fish');
      const lines = shell(
        'fish',
        ['--no-config'],
        out,
        "complete -C 'healdeck sto'; complete -C 'healdeck settings set sampling.i'",
      );
      expect(lines).toEqual([
        'stop\tend watched programs with all of their processes; they stay stopped',
        'sampling.intervalMs\tSampling interval',
      ]);
    });
  });
});
