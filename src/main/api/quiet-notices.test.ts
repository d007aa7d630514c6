import { describe, expect, it } from 'vitest';
import { ManualClock } from '../engine/testing/manual-clock';
import { QuietNotices, type ClientNotice } from './quiet-notices';

describe('notices that clients can cause', () => {
  it('are published once a minute for each cause, with the number of those left out', async () => {
    const clock = new ManualClock();
    const published: ClientNotice[] = [];
    const notices = new QuietNotices({ clock, note: (notice) => published.push(notice) });
    const notice = { topic: 'api', severity: 'info', detail: 'odd' } as const;
    for (let count = 0; count < 100_000; count++) notices.note('malformed', notice);
    notices.note('another cause', notice);
    expect(published.map(({ detail }) => detail)).toEqual(['odd', 'odd']);
    await clock.advance(60_000);
    notices.note('malformed', notice);
    expect(published.at(-1)?.detail).toBe('odd (99999 more since the last report)');
    await clock.advance(60_000);
    notices.note('malformed', notice);
    expect(published.at(-1)?.detail).toBe('odd');
  });
});
