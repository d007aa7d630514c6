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

/** The phase of a watch: a colour, a shape and a word; `plain`: without a background, for dense rows. */
export function StateBadge({ phase, plain = false }: { phase: WatchPhase; plain?: boolean }) {
  const { word, tone } = presentPhase(phase);
  return (
    <ToneBadge tone={tone} icon={ICONS[phase]} plain={plain}>
      {word}
    </ToneBadge>
  );
}
