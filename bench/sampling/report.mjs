/** What must hold; `dearer` is how many times more CPU than Healdeck the other one needs at least. */
export const TARGETS = {
  dearer: { c: 1, psutil: 8, systeminformation: 150 },
  longestBlockMs: 20,
  alivePercentOfCore: 0.2,
  privateMemoryUsPerProcess: 10,
};

/** The misses, in words. */
function misses(results) {
  const found = [];
  for (const result of results) {
    const { healdeck, ...others } = result.cpuMsPerPass;
    for (const [name, cost] of Object.entries(others)) {
      if (cost !== null && cost / healdeck < TARGETS.dearer[name]) {
        found.push(
          `${name} at ${result.processes} processes: ${ratio(cost, healdeck)} of the wanted ${TARGETS.dearer[name]}x`,
        );
      }
    }
    if (result.longestBlockMs > TARGETS.longestBlockMs) {
      found.push(`event loop blocked for ${result.longestBlockMs.toFixed(1)} ms at ${result.processes} processes`);
    }
    if (result.alivePercentOfCore > TARGETS.alivePercentOfCore) {
      found.push(`polls between ticks cost ${result.alivePercentOfCore.toFixed(2)} % at ${result.processes} processes`);
    }
    const { cpuUsPerProcess } = result.privateMemory;
    if (cpuUsPerProcess > TARGETS.privateMemoryUsPerProcess) {
      found.push(`private memory costs ${cpuUsPerProcess.toFixed(1)} µs a process at ${result.processes} processes`);
    }
  }
  return found;
}

function ratio(cost, healdeck) {
  return `${(cost / healdeck).toFixed(cost / healdeck < 10 ? 2 : 0)}x`;
}

function row(cells) {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(16))).join('');
}

function table(results) {
  const lines = [row(['CPU ms per pass', ...results.map((result) => `${result.processes} processes`)])];
  for (const name of ['healdeck', 'c', 'psutil', 'systeminformation']) {
    const cells = results.map(({ cpuMsPerPass }) => {
      const cost = cpuMsPerPass[name];
      if (cost === null) return '-';
      return name === 'healdeck'
        ? cost.toFixed(2)
        : `${cost.toFixed(2)} ${ratio(cost, cpuMsPerPass.healdeck).padStart(6)}`;
    });
    const wanted = TARGETS.dearer[name];
    lines.push(row([name, ...cells]) + (wanted === undefined ? '' : `   wanted: at least ${wanted}x`));
  }
  lines.push(
    row(['longest block, ms', ...results.map((result) => result.longestBlockMs.toFixed(1))]) +
      `   wanted: at most ${TARGETS.longestBlockMs}`,
    row(['20 polls/100 ms, %', ...results.map((result) => result.alivePercentOfCore.toFixed(3))]) +
      `   wanted: at most ${TARGETS.alivePercentOfCore} of a core`,
    row([
      'private mem., µs',
      ...results.map(
        ({ privateMemory: { cpuUsPerProcess, processes } }) => `${cpuUsPerProcess.toFixed(2)} (${processes})`,
      ),
    ]) + `   wanted: at most ${TARGETS.privateMemoryUsPerProcess} a watched process and tick`,
  );
  return lines;
}

/** Prints the results as a table or as JSON; true when every target is met. */
export function report({ machine, results }, json) {
  const missed = misses(results);
  const skipped = results.some((result) => result.cpuMsPerPass.psutil === null)
    ? ['psutil was not compared: no python3 with psutil was found (Debian: apt-get install python3-psutil).']
    : [];
  const lines = json
    ? [JSON.stringify({ machine, targets: TARGETS, results, skipped, missed }, null, 2)]
    : [
        `${machine.model}, ${machine.cores} cores, Node ${machine.node}`,
        ...table(results),
        ...skipped,
        ...(missed.length === 0 ? ['All targets are met.'] : missed.map((miss) => `MISSED: ${miss}`)),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return missed.length === 0;
}
