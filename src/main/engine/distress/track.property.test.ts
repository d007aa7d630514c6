import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRESSES } from '../../../shared/distress';
import type { Standing } from './rule';
import { NEW_TRACK, nextTrack, type Agreement, type Track } from './track';

const standing = fc.constantFrom<Standing>('beyond', 'between', 'within');
const readings = fc.array(standing, { maxLength: 60 });
const agreement = fc
  .integer({ min: 1, max: 12 })
  .chain((of) => fc.record({ of: fc.constant(of), needed: fc.integer({ min: Math.floor(of / 2) + 1, max: of }) }));

/** The tracks after each reading. */
function tracksOf(standings: readonly Standing[], by: Agreement): readonly Track[] {
  let track = NEW_TRACK;
  return standings.map((one) => (track = nextTrack(track, one, by)));
}

describe('the track of a distress', () => {
  it('changes only with a reading that enough of the last ones agree with', () => {
    fc.assert(
      fc.property(readings, agreement, (standings, by) => {
        let wasActive = false;
        for (const [at, { isActive }] of tracksOf(standings, by).entries()) {
          if (isActive !== wasActive) {
            const wanted = isActive ? 'beyond' : 'within';
            const last = standings.slice(Math.max(0, at + 1 - by.of), at + 1);
            expect(standings[at]).toBe(wanted);
            expect(last.filter((one) => one === wanted).length).toBeGreaterThanOrEqual(by.needed);
          }
          wasActive = isActive;
        }
      }),
    );
  });

  it('is in distress after so many readings beyond the limit in a row, and well after as many within, whatever was before', () => {
    fc.assert(
      fc.property(readings, agreement, fc.constantFrom<Standing>('beyond', 'within'), (standings, by, last) => {
        const all = [...standings, ...Array<Standing>(by.needed).fill(last)];
        expect(tracksOf(all, by).at(-1)?.isActive).toBe(last === 'beyond');
      }),
    );
  });

  it('never changes by what lies between, and holds no more readings than it needs', () => {
    fc.assert(
      fc.property(readings, agreement, (standings, by) => {
        const tracks = tracksOf(standings, by);
        for (const [at, track] of tracks.entries()) {
          expect(track.recent.length).toBeLessThanOrEqual(by.of);
          if (standings[at] === 'between') expect(track.isActive).toBe(tracks[at - 1]?.isActive ?? false);
        }
      }),
    );
  });

  it('needs more than half of the readings for each kind, so that both can not hold at once', () => {
    for (const { needed, of } of DISTRESSES) expect(needed * 2).toBeGreaterThan(of);
  });
});
