import { IconEye } from '@tabler/icons-react';
import { ToneBadge } from '../kit/ToneBadge';

/** What observing means, for wherever it is shown. */
export const OBSERVING = 'Observing: reports what it would do, takes no action';

/** Marks a watch that is only observed. */
export function ObservedBadge({ inWords = false }: { inWords?: boolean }) {
  return (
    <span title={OBSERVING}>
      <ToneBadge tone="info" icon={IconEye} plain={!inWords}>
        {inWords ? OBSERVING : 'Observing'}
      </ToneBadge>
    </span>
  );
}
