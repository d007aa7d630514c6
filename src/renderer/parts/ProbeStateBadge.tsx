import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconHourglassHigh,
  type Icon,
} from '@tabler/icons-react';
import type { ProbeStatus } from '../../shared/model/probe';
import { ToneBadge } from '../kit/ToneBadge';
import { presentProbeState } from '../words/present-probe';

const ICONS: Readonly<Record<ProbeStatus['state'], Icon>> = {
  idle: IconCircleDashed,
  unknown: IconHourglassHigh,
  passing: IconCircleCheckFilled,
  failing: IconAlertTriangleFilled,
  done: IconCircleCheckFilled,
};

/** The state of a probe: a colour, a shape and a word. */
export function ProbeStateBadge({ state }: { state: ProbeStatus['state'] }) {
  const { word, tone } = presentProbeState(state);
  return (
    <ToneBadge tone={tone} icon={ICONS[state]} plain>
      {word}
    </ToneBadge>
  );
}
