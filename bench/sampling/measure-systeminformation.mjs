// Full passes of systeminformation.processes(), with what its helper processes (ps, sh, cat) cost.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import si from 'systeminformation';

/** It answers from its cache within half a second. */
const CACHED_MS = 600;
const MS_PER_TICK = 10;

/** CPU of this process and of all its children that ended, in ms: proc(5), fields 16 and 17. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (user + system) / 1000 + (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}

const count = Number(process.argv[2]);
await si.processes();
let total = 0;
let seen = 0;
for (let i = 0; i < count; i++) {
  await delay(CACHED_MS);
  const before = cpuMs();
  seen = (await si.processes()).list.length;
  total += cpuMs() - before;
}
process.stdout.write(JSON.stringify({ cpuMsPerPass: total / count, seen }));
