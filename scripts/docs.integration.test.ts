import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const MARKDOWN = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...['demo', 'bench', 'bench/sampling', 'bench/restart', 'resources'].map((folder) => `${folder}/README.md`),
].filter((file) => existsSync(join(ROOT, file)));

describe.each(MARKDOWN)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    const missing = links.filter((link) => !existsSync(resolve(ROOT, dirname(file), link)));
    expect(missing).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([a-z:\d]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the first heal of the README', () => {
  const undo: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  it('works as it is written', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const block = /## The first heal[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1];
    if (block === undefined) throw new Error('expected a block of commands under "The first heal"');
    const dataDir = mkdtempSync(join(tmpdir(), 'healdeck-readme-'));
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    await startEngine(dataDir);

    // The port of the example may be somebody's.
    const script = block
      .replaceAll('8080', String(await freePort()))
      .replaceAll('npx healdeck', 'node bin/healdeck.js');
    const env = { ...process.env, HEALDECK_DATA_DIR: dataDir };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env, timeout: 60_000 });
    expect(stdout).toContain('web started as pid');
    expect(stdout).toMatch(/crash_detected\s+web \(pid \d+\) crashed after .*: SIGKILL/);
    expect(stdout).toMatch(/restarted\s+web restarted as pid \d+/);
    expect(stdout).toContain('web: stopped');
  }, 90_000);

  async function startEngine(dataDir: string): Promise<void> {
    const args = ['bin/healdeck.js', 'run', '--headless', '--port', '0', '--data-dir', dataDir];
    const engine: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((done) => engine.once('exit', () => done()));
    undo.push(() => {
      engine.kill('SIGTERM');
      return ended;
    });
    if (engine.stdout === null) throw new Error('expected a pipe');
    for await (const line of createInterface({ input: engine.stdout })) if (line.includes('is ready')) return;
    throw new Error('the engine ended before it was ready');
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
