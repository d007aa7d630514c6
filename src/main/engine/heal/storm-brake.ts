/**
 * Counts repeated automatic restarts over all watches, and holds those that keep ending when there are too many. A first
 * restart is no sign of a storm: a thousand programs that die at once are to come back at once. Monotonic ms.
 */
export interface StormBrake {
  /** Repeated restarts within the last minute, oldest first. */
  repeats: readonly { watch: string; atMs: number }[];
  /** null while the brake is off. */
  pause: StormPause | null;
  /** When the brake was last released: what was before does not make a restart a repeated one. */
  releasedAtMs: number;
}

export interface StormPause {
  untilMs: number;
  /** Who was restarted since then is held, the others are healed. */
  heldSinceMs: number;
  /** Names of those whose restarts were too many. */
  watches: readonly string[];
}

export function releasedBrake(nowMs: number): StormBrake {
  return { repeats: [], pause: null, releasedAtMs: nowMs };
}

const WINDOW_MS = 60_000;

/** An automatic restart that did not take place: the machine refused it. `atMs`: when it was asked for. */
export interface RefusedHeal {
  watch: string;
  atMs: number;
}

/** It counts no more, if it was counted. */
export function uncountHeal(brake: StormBrake, { watch, atMs }: RefusedHeal): StormBrake {
  const counted = brake.repeats.findLastIndex((one) => one.watch === watch && one.atMs >= atMs);
  return counted < 0 ? brake : { ...brake, repeats: brake.repeats.toSpliced(counted, 1) };
}

/** An automatic restart of a watch; `previousAtMs` is the one before it, or null. */
export interface CountedHeal {
  watch: string;
  previousAtMs: number | null;
}

/*
 * One more automatic restart; the one that is too many puts the brake on.
 *
 *   restarted within the last minute,
 *   and since the brake was released   repeats in the last minute   brake   then
 *   no                                 any                          any     not counted
 *   yes                                up to `restarts`             off     counted
 *   yes                                more                         off     on
 *   yes                                any                          on      counted
 */
export function countHeal(
  brake: StormBrake,
  nowMs: number,
  { watch, previousAtMs }: CountedHeal,
  policy: { restarts: number; pauseMs: number },
): StormBrake {
  const isRepeat = previousAtMs !== null && nowMs - previousAtMs < WINDOW_MS && previousAtMs >= brake.releasedAtMs;
  if (!isRepeat) return brake;
  const repeats = [...brake.repeats.filter(({ atMs }) => nowMs - atMs < WINDOW_MS), { watch, atMs: nowMs }];
  if (brake.pause !== null || repeats.length <= policy.restarts) return { ...brake, repeats };
  const watches = [...new Set(repeats.map((one) => one.watch))];
  return { ...brake, repeats, pause: { untilMs: nowMs + policy.pauseMs, heldSinceMs: nowMs - WINDOW_MS, watches } };
}

/** Whether a watch that was last restarted then may not be restarted now. */
export function holds({ pause }: StormBrake, lastRestartAtMs: number | null): boolean {
  return pause !== null && lastRestartAtMs !== null && lastRestartAtMs >= pause.heldSinceMs;
}
