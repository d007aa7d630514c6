// The numbers to reach by the default rules, and how each is read from a task's result.

const text = (value, digits) => (value === null ? 'none' : value.toFixed(digits));
const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** `of` reads the number, `ok` judges the default rules; a row without `ok` is reported and not judged. */
function row(label, of, digits, { wanted, ok, suffix = () => '' } = {}) {
  return { label, of, wanted, ok, print: (result) => text(of(result), digits) + suffix(result) };
}

function share(label, of, wanted, ok) {
  return { label, of, wanted, ok, print: (result) => percent(of(result)) };
}

const ofFaults = (r) => ` of ${r.faults}`;
const atMost = (limit) => ({ wanted: `<= ${limit}`, ok: (v) => v !== null && v <= limit });

const precisionAndRecall = [share('precision', (r) => r.precision), share('recall', (r) => r.recall)];

/** False alarms as a rate with its interval; `per` hours. */
function falseAlarms(per, digits, limit) {
  const label = per === 1 ? 'false alarms per hour' : `false alarms per ${per} h`;
  return [
    row(label, (r) => per * r.falseAlarmsPerHour, digits, limit === undefined ? {} : atMost(limit)),
    {
      label: '  95 % interval',
      of: (r) => r.falseAlarmInterval,
      print: ({ falseAlarmInterval: { low, high } }) =>
        `${(per * low).toFixed(digits)}-${(per * high).toFixed(digits)}`,
    },
  ];
}

function delays({ median, p90, max } = {}) {
  return [
    row('median delay, s', (r) => r.medianDelayS, 0, median === undefined ? {} : atMost(median)),
    row('p90 delay, s', (r) => r.p90DelayS, 0, p90 === undefined ? {} : atMost(p90)),
    ...(max === undefined ? [] : [row('longest delay, s', (r) => r.maxDelayS, 0, atMost(max))]),
  ];
}

const allFound = (label) =>
  row(label, (r) => r.found, 0, { wanted: 'all', ok: (v, r) => v === r.faults, suffix: ofFaults });

/** The numbers of a task on traces by kind. */
const TRACES = {
  leak: (folder) => [
    ...falseAlarms(1, 3, 0.01),
    row('jobs with a false alarm', (r) => r.jobsAlarmed, 0, {
      wanted: '0',
      ok: (v) => v === 0,
      suffix: (r) => ` of ${r.jobs}`,
    }),
    // 17 of the 18 of which the first folder has half.
    folder === 'traces'
      ? row('leaks found', (r) => r.found, 0, {
          wanted: '>= 17 of 18',
          ok: (v, r) => v >= Math.floor((17 / 18) * r.faults),
          suffix: ofFaults,
        })
      : row('leaks found', (r) => r.found, 0, { suffix: ofFaults }),
    row('of them clear (*)', (r) => r.clear.found, 0, {
      ...(folder === 'all traces' && { wanted: '>= 95 %', ok: (v, r) => v >= 0.95 * r.clear.faults }),
      suffix: (r) => ` of ${r.clear.faults}`,
    }),
    ...delays(folder === 'traces-2' ? {} : { median: 250 }),
    share('healthy that alarm by chance', (r) => r.alarmShareWithout),
    ...precisionAndRecall,
  ],
  cpu: (folder) => [
    ...falseAlarms(1, 3, 0.02),
    // The second folder was recorded on a saturated machine and has no demand for CPU, without which these can't be seen.
    ...(folder === 'traces'
      ? [allFound('runaways found'), ...delays({ max: 60 })]
      : [row('runaways found', (r) => r.found, 0, { suffix: ofFaults }), ...delays()]),
    ...precisionAndRecall,
  ],
  fd: () => [...falseAlarms(1, 3, 0), allFound('leaks found'), ...delays({ median: 330 }), ...precisionAndRecall],
  thread: () => [...falseAlarms(1, 3, 0), allFound('leaks found'), ...delays({ median: 330 }), ...precisionAndRecall],
  creep: () => [
    ...falseAlarms(1, 3),
    row('creeps found', (r) => r.found, 0, { suffix: ofFaults }),
    ...delays(),
    ...precisionAndRecall,
  ],
};

const OTHERS = {
  'leak, Nezha': [
    ...falseAlarms(100, 2, 0.2),
    share(
      'leaks of 30 KB/s found',
      (r) => r.foundShare,
      '>= 98 %',
      (v) => v >= 0.98,
    ),
    ...delays({ median: 2400 }),
    share(
      'alarm without the leak',
      (r) => r.alarmShareWithout,
      '<= 2 %',
      (v) => v <= 0.02,
    ),
    ...precisionAndRecall,
  ],
  'cpu, Nezha': [
    row('F1', (r) => r.f1, 3, { wanted: '>= 0.83', ok: (v) => v >= 0.83 }),
    ...falseAlarms(100, 2, 0.6),
    allFound('faults found'),
    ...delays({ max: 125 }),
    ...precisionAndRecall,
    row('F1, every edge counted', (r) => r.f1EveryEdge, 3),
  ],
  'forecast, all traces': [
    share(
      'true time inside the interval',
      (r) => r.insideShare,
      '>= 80 %',
      (v) => v >= 0.8,
    ),
    row('  forecasts', (r) => r.cases, 0),
  ],
  'cpu, NAB': [
    ...falseAlarms(100, 2),
    row('windows found', (r) => r.found, 0, { suffix: ofFaults }),
    ...delays(),
    share('precision', (r) => r.precision),
  ],
};

/** The rows of a task. */
export function targetsOf({ title, kind, folder }) {
  return OTHERS[title] ?? TRACES[kind](folder);
}

export const COST_TARGETS = { nanosecondsPerSample: 1000, bytesPerProcess: 4096 };
