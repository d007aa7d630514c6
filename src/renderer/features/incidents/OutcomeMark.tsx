import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconProgressAlert,
  type Icon,
} from '@tabler/icons-react';
import type { Incident } from '../../../shared/model/incident';
import { OUTCOMES } from '../../words/present-incident';
import { ToneBadge } from '../../kit/ToneBadge';

const ICONS: Readonly<Record<Incident['outcome'], Icon>> = {
  open: IconProgressAlert,
  recovered: IconCircleCheckFilled,
  stopped: IconCircleMinus,
  failed: IconAlertTriangleFilled,
};

/** How a story ended: a colour, a shape and a word. */
export function OutcomeMark({ outcome }: { outcome: Incident['outcome'] }) {
  const { word, tone } = OUTCOMES[outcome];
  return (
    <ToneBadge tone={tone} icon={ICONS[outcome]} plain>
      {word}
    </ToneBadge>
  );
}
