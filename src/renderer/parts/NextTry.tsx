import type { ReactNode } from 'react';
import type { WatchStatus } from '../../shared/model/snapshot';
import { useAppState } from '../hooks/use-app';
import { CooldownLeft } from './CooldownLeft';
import { Countdown } from '../kit/times';

/** When a watch is tried again: after its cooldown, after a pause of healing, or after its delay. */
export function NextTry({ status, otherwise }: { status: WatchStatus; otherwise: ReactNode }) {
  const pausedUntil = useAppState((state) => state.live.engine?.healingPausedUntil ?? null);
  const { cooldown } = status.budget;
  if (cooldown !== null) return <CooldownLeft cooldown={cooldown} />;
  const at = status.phase === 'held' ? pausedUntil : status.nextAttemptAt;
  return at === null ? otherwise : <Countdown at={at} />;
}
