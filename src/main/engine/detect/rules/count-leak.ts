import type { AnomalyAction } from '../../../../shared/findings';
import type { ProcessSample } from '../../../../shared/model/process';
import type { Settings } from '../../../../shared/model/settings';
import { createCountLeak, DEFAULT_DESCRIPTOR_LEAK, DEFAULT_THREAD_LEAK, type CountLeakOptions } from '../detectors';
import type { TreeTable } from '../tree-reading';
import { ofRoot, type AnomalyRule, type AnomalyRuleDefinition } from './rule';

/** Floors are of minutes, and a count costs a system call for each process. */
const READING_INTERVAL_MS = 10_000;

interface Counting {
  action: AnomalyAction | 'off';
  limit: number | null;
  count: (process: ProcessSample, table: TreeTable) => number | null;
}

function countRule<K extends 'descriptor_leak' | 'thread_leak'>(
  options: CountLeakOptions<K>,
  { action, limit, count }: Counting,
): AnomalyRule | null {
  if (action === 'off') return null;
  const detector = createCountLeak(options);
  let readAtMs = -Infinity;
  return {
    evaluate: ({ root, mostOf }, { atMs, uptimeMs }) => {
      if (atMs - readAtMs < READING_INTERVAL_MS) return [];
      readAtMs = atMs;
      return ofRoot(detector.observe({ atMs, uptimeMs, limit, count: mostOf(count) }), action, root);
    },
  };
}

export const descriptorLeakRule = {
  kind: 'descriptor_leak',
  survivesPauses: true,
  create: (settings: Settings) =>
    countRule(DEFAULT_DESCRIPTOR_LEAK, {
      action: settings['descriptorLeak.action'],
      limit: settings['openFiles.limit'],
      count: (process, table) => table.openFiles(process),
    }),
} as const satisfies AnomalyRuleDefinition;

export const threadLeakRule = {
  kind: 'thread_leak',
  survivesPauses: true,
  create: (settings: Settings) =>
    countRule(DEFAULT_THREAD_LEAK, {
      action: settings['threadLeak.action'],
      limit: settings['threads.limit'],
      count: ({ threads }) => threads,
    }),
} as const satisfies AnomalyRuleDefinition;
