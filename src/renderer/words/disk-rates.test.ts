import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import { shownDirections } from './disk-rates';

const titles = (...args: Parameters<typeof shownDirections>) => shownDirections(...args).map(({ title }) => title);

describe('charts of reading and writing', () => {
  it('are drawn where a limit or a warning is set, and where something was recorded', () => {
    expect(titles(DEFAULT_SETTINGS, [{}, { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 0 }])).toEqual([]);
    expect(titles({ ...DEFAULT_SETTINGS, 'diskRead.warnBytesPerSecond': 1e6 }, [])).toEqual(['Disk reads']);
    expect(titles(null, [{ diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 5 }])).toEqual(['Disk writes']);
  });
});
