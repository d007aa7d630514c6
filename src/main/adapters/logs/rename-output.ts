import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Moves the output files of one stem to another, older ones included; a program goes on writing to them. Throws what the file
 * system says.
 */
export function renameOutput(logsDir: string, from: string, to: string): void {
  // Files of a watch that was removed; its program may still write to them, so they stay files of this folder. No watch
  // can have a name with a tilde.
  if (movesOf(logsDir, to, to).length > 0) move(logsDir, to, freeStem(logsDir, to));
  move(logsDir, from, to);
}

function move(logsDir: string, from: string, to: string): void {
  for (const [oldFile, newFile] of movesOf(logsDir, from, to)) {
    renameSync(join(logsDir, oldFile), join(logsDir, newFile));
  }
}

/** The files of a stem, older ones included, and what they are called under another. */
function movesOf(logsDir: string, from: string, to: string): [string, string][] {
  const moves: [string, string][] = [];
  for (const file of readdirSync(logsDir)) {
    if (!file.startsWith(`${from}.`)) continue;
    const ending = file.slice(from.length);
    if (/^\.(?:out|err)\.log(?:\.\d+)?$/.test(ending)) moves.push([file, `${to}${ending}`]);
  }
  return moves;
}

function freeStem(logsDir: string, stem: string): string {
  for (let number = 1; ; number += 1) {
    const free = `${stem}~${number}`;
    if (movesOf(logsDir, free, free).length === 0) return free;
  }
}
