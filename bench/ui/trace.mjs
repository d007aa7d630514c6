/** What a page did while something was done to it: its frames, and the work of its main thread. */

const CATEGORIES = ['disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'cc'];

/**
 * Traces the page while `act` runs. `framesPerSecond` counts the frames that a script gets, `droppedShare` those that the
 * compositor wanted and did not show. `longestTaskMs` and `frameWorkMs` (95th percentile of all that is done between two frames)
 * are CPU time of the main thread: what other programs take from it does not count.
 */
export async function traced(page, act) {
  const cdp = await page.context().newCDPSession(page);
  const events = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES } });
  await page.evaluate(() => {
    const frames = [];
    const next = (at) => {
      frames.push(at);
      if (window.benchFrames === frames) requestAnimationFrame(next);
    };
    window.benchFrames = frames;
    requestAnimationFrame(next);
  });
  await act();
  const frames = await page.evaluate(() => {
    const { benchFrames } = window;
    window.benchFrames = null;
    return benchFrames;
  });
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  await cdp.detach();
  return { framesPerSecond: framesPerSecond(frames), ...readTrace(events) };
}

/** The mean rate of frames at these times, in ms. */
export function framesPerSecond(frames) {
  const span = (frames.at(-1) ?? 0) - (frames[0] ?? 0);
  return span <= 0 ? 0 : ((frames.length - 1) * 1000) / span;
}

/** Reads a trace of Chromium: https://chromium.googlesource.com/catapult, "Trace Event Format". */
export function readTrace(events) {
  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mainThreads.has(`${pid}/${tid}`))
    .map(({ ts, tdur = 0 }) => ({ at: ts, ms: tdur / 1000 }));
  const beginnings = events.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts);
  const states = events
    .filter(({ name, ph }) => name === 'PipelineReporter' && ph === 'b')
    .map(({ args }) => args.frame_reporter?.state ?? args.chrome_frame_reporter?.state);
  const wanted = states.filter((state) => state !== undefined && state !== 'STATE_NO_UPDATE_DESIRED');
  return {
    droppedShare: wanted.length === 0 ? 0 : wanted.filter((state) => state === 'STATE_DROPPED').length / wanted.length,
    longestTaskMs: Math.max(0, ...tasks.map(({ ms }) => ms)),
    frameWorkMs: percentile(workPerFrame(tasks, beginnings), 0.95),
  };
}

/** The work between each beginning of a frame and the next. */
function workPerFrame(tasks, beginnings) {
  const starts = beginnings.toSorted((a, b) => a - b);
  const work = starts.map(() => 0);
  let frame = 0;
  for (const { at, ms } of tasks.toSorted((a, b) => a.at - b.at)) {
    while (frame + 1 < starts.length && starts[frame + 1] <= at) frame += 1;
    if (starts.length > 0) work[frame] += ms;
  }
  return work;
}

function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;
}
