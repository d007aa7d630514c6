import type { Settings } from '../../../../shared/model/settings';
import { createForkBomb, DEFAULT_FORK_BOMB_GROWTH, type DetectorSample, type ForkBombDetector } from '../detectors';
import type { TreeReading } from '../tree-reading';
import { ofRoot, type AnomalyFinding, type AnomalyRule, type AnomalyRuleDefinition } from './rule';

export const forkBombRule = {
  kind: 'fork_bomb',
  create(settings) {
    const rule = settings['forkBomb.rule'];
    if (rule === 'off') return null;
    const maxDescendants = settings['forkBomb.maxDescendants'];
    const detector = createForkBomb(
      rule === 'classic'
        ? { rule, maxDescendants }
        : { ...DEFAULT_FORK_BOMB_GROWTH, maxDescendants, hardCeiling: settings['forkBomb.ceiling'] },
    );
    return new ForkBombRule(detector, settings['forkBomb.action']);
  },
} as const satisfies AnomalyRuleDefinition;

class ForkBombRule implements AnomalyRule {
  private knowsStart = false;

  constructor(
    private readonly detector: ForkBombDetector,
    private readonly action: Settings['forkBomb.action'],
  ) {}

  get suspicious(): boolean {
    return this.detector.suspicious;
  }

  evaluate({ root }: TreeReading, sample: DetectorSample): readonly AnomalyFinding[] {
    if (!this.knowsStart) {
      // At its start it had no descendants: a tree that is young and large has grown fast.
      this.knowsStart = true;
      this.detector.observe({ ...sample, atMs: sample.atMs - sample.uptimeMs, descendants: 0 });
    }
    return ofRoot(this.detector.observe(sample), this.action === 'kill' ? 'freeze_and_kill' : 'notify', root);
  }
}
