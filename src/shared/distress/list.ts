import { clock } from './clock';
import { diskInodes } from './disk-inodes';
import { diskSpace } from './disk-space';
import { load } from './load';
import { memory } from './memory';
import { swap } from './swap';

/** All ways in which the machine can be in distress, in the order in which they are listed. */
export const DISTRESSES = [diskSpace, diskInodes, memory, swap, load, clock] as const;
