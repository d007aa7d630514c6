/** What 500 HTTP probes every 10 s may cost the process that sends them. */
const MAX_PERCENT_OF_CORE = 1;
/** What is no difference on a machine that does other things too. */
const [FACTOR, SLACK_MS] = [1.5, 2];

/** 0 when all targets are met. */
export function verdict(costs, [answering, hanging]) {
  const http = costs.find(({ name }) => name === 'http');
  const misses = [
    ...costs.filter(({ failed }) => failed > 0).map(({ name, failed }) => `${name}: ${failed} probes failed`),
    ...(http.asked === 0 ? ['nothing was measured'] : []),
    ...(http.percentOfCore > MAX_PERCENT_OF_CORE ? [`http takes ${http.percentOfCore.toFixed(2)} % of a core`] : []),
    ...(hanging.failed === 0 ? ['no target hung'] : []),
    ...(hanging.delayMs.p99 > FACTOR * answering.delayMs.p99 + SLACK_MS
      ? [
          `with targets that hang, timers are ${hanging.delayMs.p99.toFixed(1)} ms late instead of ${answering.delayMs.p99.toFixed(1)} ms`,
        ]
      : []),
  ];
  const targets = `Targets: 500 HTTP probes every 10 s take at most ${MAX_PERCENT_OF_CORE} % of a core, and targets that hang delay no timer.`;
  return {
    status: misses.length > 0 ? 1 : 0,
    text: `${targets} ${misses.length === 0 ? 'Met.' : `Missed: ${misses.join('; ')}.`}`,
  };
}
