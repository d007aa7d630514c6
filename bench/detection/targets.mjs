// The numbers to reach by the default rules, and how each is read from a task's result.

const text = (value, digits) => (value === null ? 'none' : value.toFixed(digits));
const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** `of` reads the number, `ok` judges the default rules; a row without `ok` is reported and not judged. */
export const TARGETS = {
  'leak, traces': [
    row(
      'false alarms per hour',
      (r) => r.falseAlarmsPerHour,
      3,
      '<= 0.06',
      (v) => v <= 0.06,
    ),
    row(
      'jobs with a false alarm',
      (r) => r.jobsAlarmed,
      0,
      '0',
      (v) => v === 0,
      (r) => ` of ${r.jobs}`,
    ),
    row(
      'leaks found',
      (r) => r.found,
      0,
      '>= 7 of 9',
      (v, r) => v >= Math.floor((7 / 9) * r.faults),
      (r) => ` of ${r.faults}`,
    ),
    row(
      'median delay, s',
      (r) => r.medianDelayS,
      0,
      '<= 420',
      (v) => v !== null && v <= 420,
    ),
    share('healthy that alarm by chance', (r) => r.alarmShareWithout),
    share('precision', (r) => r.precision),
    share('recall', (r) => r.recall),
  ],
  'leak, Nezha': [
    row(
      'false alarms per 100 h',
      (r) => 100 * r.falseAlarmsPerHour,
      2,
      '<= 0.2',
      (v) => v <= 0.2,
    ),
    share(
      'leaks of 30 KB/s found',
      (r) => r.foundShare,
      '>= 98 %',
      (v) => v >= 0.98,
    ),
    row(
      'median delay, s',
      (r) => r.medianDelayS,
      0,
      '<= 2400',
      (v) => v !== null && v <= 2400,
    ),
    share(
      'alarm without the leak',
      (r) => r.alarmShareWithout,
      '<= 2 %',
      (v) => v <= 0.02,
    ),
    share('precision', (r) => r.precision),
    share('recall', (r) => r.recall),
  ],
  'cpu, Nezha': [
    row(
      'F1',
      (r) => r.f1,
      3,
      '>= 0.83',
      (v) => v >= 0.83,
    ),
    row(
      'false alarms per 100 h',
      (r) => 100 * r.falseAlarmsPerHour,
      2,
      '<= 0.6',
      (v) => v <= 0.6,
    ),
    row(
      'faults found',
      (r) => r.found,
      0,
      'all',
      (v, r) => v === r.faults,
      (r) => ` of ${r.faults}`,
    ),
    row(
      'longest delay, s',
      (r) => r.maxDelayS,
      0,
      '<= 125',
      (v) => v !== null && v <= 125,
    ),
    row('median delay, s', (r) => r.medianDelayS, 0),
    share('precision', (r) => r.precision),
    share('recall', (r) => r.recall),
    row('F1, every edge counted', (r) => r.f1EveryEdge, 3),
  ],
  'cpu, traces': [
    row(
      'false alarms per hour',
      (r) => r.falseAlarmsPerHour,
      3,
      '<= 0.02',
      (v) => v <= 0.02,
    ),
    row(
      'runaways found',
      (r) => r.found,
      0,
      'all',
      (v, r) => v === r.faults,
      (r) => ` of ${r.faults}`,
    ),
    row(
      'longest delay, s',
      (r) => r.maxDelayS,
      0,
      '<= 60',
      (v) => v !== null && v <= 60,
    ),
    share('precision', (r) => r.precision),
    share('recall', (r) => r.recall),
  ],
  'cpu, NAB': [
    row('false alarms per 100 h', (r) => 100 * r.falseAlarmsPerHour, 2),
    row(
      'windows found',
      (r) => r.found,
      0,
      undefined,
      undefined,
      (r) => ` of ${r.faults}`,
    ),
    row('median delay, s', (r) => r.medianDelayS, 0),
    share('precision', (r) => r.precision),
  ],
};

function row(label, of, digits, wanted, ok, suffix = () => '') {
  return { label, of, wanted, ok, print: (result) => text(of(result), digits) + suffix(result) };
}

function share(label, of, wanted, ok) {
  return { label, of, wanted, ok, print: (result) => percent(of(result)) };
}

export const COST_TARGETS = { nanosecondsPerSample: 1000, bytesPerProcess: 4096 };
