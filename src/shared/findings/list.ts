import { children } from './children';
import { cpu } from './cpu';
import { cpuSpike } from './cpu-spike';
import { descriptorLeak } from './descriptor-leak';
import { diskRead } from './disk-read';
import { diskWrite } from './disk-write';
import { forkBomb } from './fork-bomb';
import { memory } from './memory';
import { memoryLeak } from './memory-leak';
import { openFiles } from './open-files';
import { rapidCrashes } from './rapid-crashes';
import { sockets } from './sockets';
import { stall } from './stall';
import { threadLeak } from './thread-leak';
import { threads } from './threads';
import { zombie } from './zombie';

/** All metrics that can be limited, in the order in which they are judged and listed. */
export const LIMITS = [cpu, memory, diskRead, diskWrite, threads, openFiles, children, sockets] as const;

/** All anomalies that can be found, in the order in which they are listed. */
export const ANOMALIES = [
  zombie,
  forkBomb,
  memoryLeak,
  descriptorLeak,
  threadLeak,
  cpuSpike,
  stall,
  rapidCrashes,
] as const;
