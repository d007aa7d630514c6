import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconProgressAlert,
  IconRefreshAlert,
  type Icon,
} from '@tabler/icons-react';
import type { CrashState } from '../../../shared/model/crash-group';
import { CRASH_STATES } from '../../words/present-crash';
import { ToneBadge } from '../../kit/ToneBadge';

const ICONS: Readonly<Record<CrashState, Icon>> = {
  new: IconAlertTriangleFilled,
  regressed: IconRefreshAlert,
  ongoing: IconProgressAlert,
  resolved: IconCircleCheckFilled,
};

/** Whether a crash still occurs: a colour, a shape and a word. */
export function CrashStateMark({ state }: { state: CrashState }) {
  const { word, tone } = CRASH_STATES[state];
  return (
    <ToneBadge tone={tone} icon={ICONS[state]} plain>
      {word}
    </ToneBadge>
  );
}
