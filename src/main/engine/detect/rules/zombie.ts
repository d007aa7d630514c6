import type { AnomalyAction } from '../../../../shared/findings';
import { identityKey, type ProcessSample } from '../../../../shared/model/process';
import { createZombie, DEFAULT_ZOMBIE, type DetectorSample, type ZombieDetector } from '../detectors';
import type { TreeReading, ZombieReading } from '../tree-reading';
import type { AnomalyFinding, AnomalyRule, AnomalyRuleDefinition } from './rule';

export const zombieRule = {
  kind: 'zombie',
  create(settings) {
    const action = settings['zombie.action'];
    return action === 'off' ? null : new ZombieRule(settings['zombie.afterMs'], action);
  },
} as const satisfies AnomalyRuleDefinition;

class ZombieRule implements AnomalyRule {
  /** One for each parent of zombies below the process, by its identity. */
  private readonly detectors = new Map<string, ZombieDetector>();

  constructor(
    private readonly minMs: number,
    private readonly action: AnomalyAction,
  ) {}

  evaluate({ zombies: readings }: TreeReading, { atMs }: DetectorSample): readonly AnomalyFinding[] {
    const groups = byParent(readings);
    const found: AnomalyFinding[] = [];
    for (const [key, { parent, zombies }] of groups) {
      let detector = this.detectors.get(key);
      if (detector === undefined) {
        detector = createZombie({ ...DEFAULT_ZOMBIE, minMs: this.minMs });
        this.detectors.set(key, detector);
      }
      const anomaly = detector.observe({ atMs, parent, zombies });
      const subject = zombies.find(({ pid }) => pid === detector.oldest?.pid);
      if (anomaly !== null && subject !== undefined) {
        found.push({ kind: 'anomaly', anomaly, action: this.action, pid: subject.pid, subject });
      }
    }
    for (const [key, detector] of this.detectors) {
      if (groups.has(key)) continue;
      detector.observe({ atMs, parent: null, zombies: [] });
      if (detector.isIdle) this.detectors.delete(key);
    }
    return found;
  }
}

function byParent(
  zombies: readonly ZombieReading[],
): ReadonlyMap<string, { parent: ZombieReading['parent']; zombies: ProcessSample[] }> {
  const groups = new Map<string, { parent: ZombieReading['parent']; zombies: ProcessSample[] }>();
  for (const { process, parent } of zombies) {
    const key = parent === null ? 'unknown' : identityKey(parent);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { parent, zombies: [process] });
    else group.zombies.push(process);
  }
  return groups;
}
