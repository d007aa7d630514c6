import { percentile } from '../restart/statistics.mjs';

/** How late ticks began and how long they took, in ms. */
export function figuresOf({ name, delays, durations }) {
  const round = (value) => Math.round(value * 100) / 100;
  const at = (values, percent) => round(percentile(values, percent));
  return {
    name,
    ticks: delays.length,
    delayP50: at(delays, 50),
    delayP95: at(delays, 95),
    durationP50: at(durations, 50),
    durationP95: at(durations, 95),
  };
}

/** What two engines on one busy machine differ by anyway. */
const NOISE_MS = 2;
const NOISE_SHARE = 1.5;

/** The second engine against the first: status 1 when its ticks are later or longer than noise, or nothing was told or measured. */
export function compare({ figures: [off, on], connections }) {
  if (!(off.ticks > 0 && on.ticks > 0)) return { status: 1, text: 'Nothing was measured.' };
  if (connections === 0) return { status: 1, text: 'No mail was tried: there is nothing to compare.' };
  const worse = ['delayP50', 'delayP95', 'durationP50', 'durationP95'].filter(
    (key) => on[key] > Math.max(off[key] * NOISE_SHARE, off[key] + NOISE_MS),
  );
  const ratio = (key) => (on[key] / off[key]).toFixed(2);
  const ratios = `delay p50 × ${ratio('delayP50')}, p95 × ${ratio('delayP95')}; duration p50 × ${ratio('durationP50')}, p95 × ${ratio('durationP95')}`;
  return worse.length === 0
    ? { status: 0, text: `The silent mail server changes no tick: ${ratios}.` }
    : { status: 1, text: `Ticks are later or longer with the silent mail server (${worse.join(', ')}): ${ratios}.` };
}
