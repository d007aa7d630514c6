import { IconPlugConnected, IconPlugConnectedX, IconHourglassLow, type Icon } from '@tabler/icons-react';
import type { Readiness } from '../../shared/model/snapshot';
import { ToneBadge } from '../kit/ToneBadge';
import { READINESS_WORDS } from '../words/present-watch';

const ICONS: Readonly<Record<Readiness, Icon>> = {
  ready: IconPlugConnected,
  awaited: IconHourglassLow,
  lost: IconPlugConnectedX,
};

/** Whether a running program serves, beside its phase; in words, or as a sign with its word as name. */
export function ReadinessSign({ readiness, inWords = false }: { readiness: Readiness; inWords?: boolean }) {
  const { word, tone } = READINESS_WORDS[readiness];
  if (inWords) {
    return (
      <ToneBadge tone={tone} icon={ICONS[readiness]}>
        {word.charAt(0).toUpperCase() + word.slice(1)}
      </ToneBadge>
    );
  }
  return (
    <span role="img" aria-label={word} title={word}>
      <ToneBadge tone={tone} icon={ICONS[readiness]} plain>
        {null}
      </ToneBadge>
    </span>
  );
}
