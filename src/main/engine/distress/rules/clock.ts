import type { DistressRule } from '../rule';

export const clock: DistressRule = ({ isClockSynchronised: isSynchronised }, settings) => {
  if (!settings['machine.clockSync']) return null;
  if (isSynchronised === null) return [];
  return [
    {
      subject: null,
      standing: isSynchronised ? 'within' : 'beyond',
      severity: 'warning',
      detail: `The clock is ${isSynchronised ? '' : 'not '}synchronised with a time server`,
    },
  ];
};
