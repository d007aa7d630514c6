import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute, openCrash, openIncident, openSection, openWatchId, parseRoute, TABS } from './route';

describe('places in the window', () => {
  it('are read back from their address', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TABS), fc.option(fc.string({ minLength: 1, unit: 'grapheme' })), (tab, item) => {
        expect(parseRoute(formatRoute({ tab, item }))).toEqual({ tab, item });
      }),
    );
  });
  it.each(['', '#', '#/', '#/nowhere/x', '#/watches/%E0%A4%A'])('%j is a place too', (hash) => {
    expect(parseRoute(hash).item).toBeNull();
  });
  it('have a watch open, or an incident', () => {
    expect(openWatchId(parseRoute('#/watches/abc'))).toBe('abc');
    expect(openIncident(parseRoute('#/watches/12'))).toBeNull();
    expect(openIncident(parseRoute('#/incidents/12'))).toBe(12);
    expect(openWatchId(parseRoute('#/incidents/12'))).toBeNull();
    expect(openIncident(parseRoute('#/incidents/1e3'))).toBeNull();
  });
  it('have a crash open, by its fingerprint', () => {
    expect(openCrash(parseRoute('#/crashes/3f2a91bc00d1e2f4'))).toBe('3f2a91bc00d1e2f4');
    expect(openWatchId(parseRoute('#/crashes/3f2a'))).toBeNull();
    expect(['#/crashes', '#/crashes/web', '#/incidents/12'].map((hash) => openCrash(parseRoute(hash)))).toEqual([
      ...[null, null, null],
    ]);
  });
  it('have a part of alerts open, the channels at first', () => {
    expect(openSection(parseRoute('#/alerts/outbox'))).toBe('outbox');
    expect(openWatchId(parseRoute('#/alerts/outbox'))).toBeNull();
    expect(['#/alerts', '#/alerts/nothing', '#/watches/outbox'].map((hash) => openSection(parseRoute(hash)))).toEqual([
      ...['channels', 'channels', 'channels'],
    ]);
  });
});
