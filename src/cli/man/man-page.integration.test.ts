import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliBench } from '../testing/cli-bench';

const has = (program: string): boolean => spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;

let bench: CliBench;
let page: string;
beforeEach(async () => {
  bench = new CliBench();
  page = (await bench.run('man')).out;
});
afterEach(() => bench.dispose());

/** As a terminal of 80 columns shows it, without bold. */
function rendered(text: string): { shown: string; warnings: string } {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-rLL=78n', '-P-c', '-P-b', '-P-u'], {
    input: text,
    encoding: 'utf8',
  });
  return { shown: stdout, warnings: stderr };
}

describe('the manual page', () => {
  it('has every command, also those below others, and none that is hidden', async () => {
    const commands = page.split('\n').filter((line) => line.startsWith('.SS'));
    for (const name of ['run', 'status', 'settings set', 'service install', 'completion', 'man'])
      expect(commands.some((line) => line.startsWith(`.SS "${name}`))).toBe(true);
    expect(page).not.toContain('.SS "complete ');
    expect(commands.length).toBeGreaterThan(50);
  });

  it.runIf(has('groff'))('is what the help says, and groff has nothing against it', () => {
    const { shown, warnings } = rendered(page);
    expect(warnings).toBe('');
    const flat = shown.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('healdeck - Keeps processes alive: detects crashes');
    expect(flat).toContain('--proxy-origin <origin>');
    expect(flat).toContain('healdeck run --headless --port 7710 --data-dir /var/lib/healdeck');
    expect(flat).toContain('healdeck completion bash > ~/.local/share/bash-completion/completions/healdeck');
    expect(rendered(page.replace('.SH NAME', '.SH NAME\n.NOSUCH')).warnings).toContain('NOSUCH');
  });

  it.runIf(has('mandoc'))('is valid to mandoc', () => {
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'error'], { input: page, encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});
