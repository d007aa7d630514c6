import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconHandStop,
  IconHourglassHigh,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconRefreshAlert,
  IconShieldCheckFilled,
  IconSnowflake,
  IconSquareRoundedMinusFilled,
  type Icon,
} from '@tabler/icons-react';
import type { WatchPhase } from '../../shared/model/snapshot';
import { presentPhase } from '../words/present-watch';
import { ToneBadge } from '../kit/ToneBadge';

const ICONS: Readonly<Record<WatchPhase, Icon>> = {
  running: IconCircleCheckFilled,
  starting: IconPlayerPlayFilled,
  blocked: IconHourglassHigh,
  waiting: IconHourglassHigh,
  stopping: IconPlayerStopFilled,
  backoff: IconRefreshAlert,
  cooldown: IconSnowflake,
  held: IconHandStop,
  suspended: IconPlayerPauseFilled,
  failed: IconAlertTriangleFilled,
  stopped: IconSquareRoundedMinusFilled,
  absent: IconShieldCheckFilled,
  present: IconAlertTriangleFilled,
};

/** The phase of a watch: a colour, a shape and a word. */
export function StateBadge({ phase }: { phase: WatchPhase }) {
  const { word, tone } = presentPhase(phase);
  return (
    <ToneBadge tone={tone} icon={ICONS[phase]}>
      {word}
    </ToneBadge>
  );
}
