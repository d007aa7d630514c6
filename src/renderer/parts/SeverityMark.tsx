import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconExclamationCircle,
  IconInfoCircle,
  type Icon,
} from '@tabler/icons-react';
import type { Severity } from '../../shared/model/event';
import { SEVERITIES } from '../words/present-event';
import { ToneBadge } from '../kit/ToneBadge';

const ICONS: Readonly<Record<Severity, Icon>> = {
  info: IconInfoCircle,
  warning: IconExclamationCircle,
  high: IconAlertTriangleFilled,
  critical: IconAlertOctagonFilled,
};

/** A severity: a colour, a shape and a word. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { word, tone } = SEVERITIES[severity];
  return (
    <ToneBadge tone={tone} icon={ICONS[severity]} plain>
      {word}
    </ToneBadge>
  );
}
