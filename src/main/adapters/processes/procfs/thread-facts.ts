import { readFileSync } from 'node:fs';
import type { ThreadEvidence } from '../../../../shared/model/last-words';
import { parseStat, StatLine } from './parse-stat';
import { threadState } from './process-state';

/** Deeper frames are those of the entry into the kernel, as a rule. */
const MAX_FRAMES = 16;

const line = new StatLine();

/** What a thread is doing; null when it is gone. */
export function readThread(taskDir: string, tid: number): ThreadEvidence | null {
  const threadDir = `${taskDir}/${tid}`;
  const stat = readBytes(`${threadDir}/stat`);
  if (stat === null || !parseStat(stat, stat.length, line)) return null;
  return {
    tid,
    name: stat.toString('utf8', line.nameStart, line.nameEnd),
    state: threadState(line),
    waitChannel: parseWaitChannel(readText(`${threadDir}/wchan`)),
    systemCall: parseSystemCall(readText(`${threadDir}/syscall`)),
    kernelStack: parseKernelStack(readText(`${threadDir}/stack`)),
  };
}

/** `0` is what the kernel writes for a thread that does not wait, and for those who may not know it (proc_pid_wchan(5)). */
export function parseWaitChannel(text: string): string | null {
  const name = text.trim();
  return name === '' || name === '0' ? null : name;
}

/** `running`, or the number of the call with its arguments; -1: it waits, but in no call (proc_pid_syscall(5)). */
export function parseSystemCall(text: string): number | null {
  const number = /^\d+(?= )/.exec(text)?.[0];
  return number === undefined ? null : Number(number);
}

/** Lines as `[<0>] futex_wait+0x67/0x120`: addresses and offsets are of no use without the kernel's image. */
export function parseKernelStack(text: string): string[] {
  return text
    .split('\n')
    .flatMap((frame) => /^\[<[^>]*>\] ([^\s+]+)/.exec(frame)?.[1] ?? [])
    .slice(0, MAX_FRAMES);
}

/** Empty where it may not be read. */
function readText(path: string): string {
  return readBytes(path)?.toString('latin1') ?? '';
}

function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
