import { openSync } from 'node:fs';
import { createTestProber, commandCheck, httpCheck, tcpCheck } from './prober';

/** A process that has opened all the files it may, and then asks; it prints its answers. */
const prober = createTestProber();
const checks = [httpCheck('http://127.0.0.1:9/'), tcpCheck({ port: 9 }), commandCheck(['true'])];

async function main(): Promise<void> {
  // The clock and the children of a prober keep no process alive.
  const alive = setInterval(() => undefined, 60_000);
  // What is loaded at the first use has its files now.
  for (const check of checks) await prober.ask(check, 5000).answer;
  let isFull = false;
  while (!isFull) {
    try {
      openSync('/dev/null', 'r');
    } catch {
      isFull = true;
    }
  }
  for (const check of checks) {
    const { latencyMs: _, ...answer } = await prober.ask(check, 5000).answer;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  clearInterval(alive);
}

void main();
