import type { DistressKind } from '../../../../shared/distress';
import type { DistressRule } from '../rule';
import { clock } from './clock';
import { diskInodes } from './disk-inodes';
import { diskSpace } from './disk-space';
import { load } from './load';
import { memory } from './memory';
import { swap } from './swap';

/** One for each kind of shared/distress/list.ts. */
export const RULES: Readonly<Record<DistressKind, DistressRule>> = {
  disk_space: diskSpace,
  disk_inodes: diskInodes,
  memory,
  swap,
  load,
  clock,
};
