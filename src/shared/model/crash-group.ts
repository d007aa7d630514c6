/** All crashes of one kind: with the same fingerprint, in whatever process and watch. */
export interface CrashGroup {
  /** The fingerprint, in hex. */
  id: string;
  /** In a line, as the newest of them is called. */
  title: string;
  state: CrashState;
  count: number;
  /** ISO 8601. */
  firstAt: string;
  /** ISO 8601. */
  lastAt: string;
  /** Names of the watches that it was seen in, the most frequent first. */
  watches: readonly string[];
  /** The versions of the program that it was seen in; null: none is known. */
  versions: CrashVersions | null;
  /**
   * The file that was changed right before it was first seen, as the explanation of that end says; null: none, or more than one crash
   * was asked for.
   */
  firstAfter: string | null;
  /** How many on each of the last `CRASH_DAYS` days (UTC), today last. */
  perDay: readonly number[];
  /** Numbers of its newest incidents, newest first. */
  incidents: readonly number[];
  /** The last lines that the newest of them has written to standard error. */
  stderrTail: readonly string[];
}

/** Versions of programs, by the states of their files. */
export interface CrashVersions {
  count: number;
  /** The one that it was seen in first. */
  first: CrashVersion;
  /** The one that it was not seen in until last. */
  newest: CrashVersion;
}

export interface CrashVersion {
  /** 8 hex digits. */
  id: string;
  /** When the crash was first seen in it, ISO 8601. */
  firstAt: string;
}

/**
 * `new`: first seen within a day; `regressed`: back after a quiet week, for less than a week; `resolved`: not seen for a week;
 * `ongoing`: any other.
 */
export type CrashState = 'new' | 'ongoing' | 'regressed' | 'resolved';

export const CRASH_DAYS = 30;

/** Incidents that are listed with each. */
export const MAX_CRASH_INCIDENTS = 20;

/** A crash that came again at each of the last starts. */
export interface SameCrash {
  times: number;
  /** The crash in a line. */
  title: string;
}

/** A port that somebody else has bound, without which a program does not start. */
export interface Obstacle {
  protocol: 'tcp' | 'udp';
  port: number;
  /** Who has it, in words: `pid 812 (nginx)`. */
  holder: string;
}

/** Why a cooldown started before the budget was spent; empty: it was spent. */
export interface EarlyReason {
  sameCrash?: SameCrash | undefined;
  obstacle?: Obstacle | undefined;
}

/** How often a crash has occurred. */
export interface CrashSeen {
  id: string;
  times: number;
  /** ms since the epoch. */
  firstAt: number;
}

/** How often a crash occurred in a watch and a version of its program on one day. */
export interface CrashCount {
  id: string;
  watch: string;
  /** Days since 1970, UTC. */
  day: number;
  /** null: not known. */
  version: string | null;
  count: number;
  /** ms since the epoch. */
  firstAt: number;
  /** ms since the epoch. */
  lastAt: number;
}
