import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { parseLocalTime, parsePsLine, PS_COLUMNS, type PsFacts } from './convert';

const run = promisify(execFile);
const MAX_WAIT_MS = 10_000;
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;

function inC(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' };
}

/** What ps reports of all processes, by pid. */
export async function readAllPsFacts(): Promise<Map<number, PsFacts>> {
  const { stdout } = await run('ps', ['-A', ...PS_COLUMNS], {
    env: inC(),
    timeout: MAX_WAIT_MS,
    maxBuffer: LARGEST_OUTPUT_BYTES,
  });
  const facts = new Map<number, PsFacts>();
  for (const line of stdout.split('\n')) {
    const found = parsePsLine(line);
    if (found !== null) facts.set(found.pid, found);
  }
  return facts;
}

/** When the process that has this pid now was started, in ms since the epoch; null when there is none. Some ms on
 * macOS, half a second on Windows: made for single questions. */
export function readStartTime(pid: number): number | null {
  if (process.platform === 'win32') {
    const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CreationDate.ToString("yyyy-MM-dd HH:mm:ss")`;
    return parseLocalTime(answer('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query]).trim());
  }
  return parsePsLine(answer('ps', [...PS_COLUMNS, '-p', String(pid)]).trimEnd())?.startTime ?? null;
}

function answer(command: string, args: readonly string[]): string {
  const { stdout } = spawnSync(command, args, {
    env: inC(),
    encoding: 'utf8',
    timeout: MAX_WAIT_MS,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return stdout ?? '';
}
