import type { Standing } from './rule';

/** The last readings of one kind and subject, oldest first, and whether it is in distress by them. */
export interface Track {
  recent: readonly Standing[];
  isActive: boolean;
}

export const NEW_TRACK: Track = { recent: [], isActive: false };

/** How many of how many readings must agree. */
export interface Agreement {
  needed: number;
  of: number;
}

/**
 * One more reading.
 *
 * | in distress | enough of the last readings are | afterwards  |
 * |-------------|---------------------------------|-------------|
 * | no          | beyond the limit, this one too  | in distress |
 * | yes         | well within, this one too       | not         |
 * | any         | anything else                   | as before   |
 */
export function nextTrack({ recent, isActive }: Track, standing: Standing, { needed, of }: Agreement): Track {
  const readings = [...recent, standing].slice(-of);
  const wanted: Standing = isActive ? 'within' : 'beyond';
  const changes = standing === wanted && readings.filter((one) => one === wanted).length >= needed;
  return { recent: readings, isActive: changes ? !isActive : isActive };
}
