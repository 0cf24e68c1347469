// The report of a run as text.

const WIDTH = 86;

const digits = value => (Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(value >= 100 ? 1 : 2));
const quartiles = ({ median, low, high }, unit = '') =>
  `${digits(median)}${unit}  (${digits(low)}–${digits(high)})`;

function goalOf({ atLeast, atMost }, unit) {
  if (atLeast !== undefined) return `  goal ≥ ${atLeast}${unit}`;
  return atMost === undefined ? '' : `  goal ≤ ${atMost}${unit}`;
}

function* titled(title, lines) {
  if (lines.length > 0) yield `\n${title}`;
  yield* lines;
}

const claimLines = (claims, unit) =>
  claims.map(claim => {
    const said = claim.skipped === undefined ? quartiles(claim, unit) : `skipped: ${claim.skipped}`;
    return `${claim.id.padEnd(5)}${claim.what.padEnd(WIDTH)}${said}${goalOf(claim, unit)}`;
  });

const figureLines = figures =>
  Object.entries(figures).map(([name, figure]) => `${name.padEnd(44)}${quartiles(figure)}`);

/** A row for each client and kind. */
function memoryLines(figures) {
  const rows = Object.keys(figures).filter(name => name.endsWith(' resident'));
  return rows.map(name => {
    const row = name.slice(0, -' resident'.length);
    const columns = ['resident', 'heap', 'scraped', 'scraped heap'].map(
      column => figures[`${row} ${column}`]?.median ?? NaN,
    );
    return `${row.padEnd(28)}${columns.map(value => value.toFixed(0).padStart(10)).join('')}`;
  });
}

export function* linesOf(report) {
  const { single, threads, collect, large, turns, ends, once } = report.rounds;
  yield `${report.machine}, Node ${report.node}, load ${report.load.before.toFixed(1)} to ${report.load.after.toFixed(1)}`;
  yield `medians (quartiles) of interleaved rounds: ${single}, threads ${threads}, collections ${collect}, large ones ${large}, turns ${turns}, ends ${ends}, what happens once ${once}\n`;
  yield* claimLines(report.claims, '×');
  yield* titled('µs per call', claimLines(report.microseconds, ''));
  yield* titled('ms', claimLines(report.milliseconds, ''));
  yield* titled(
    'bytes per series: resident, of it on the heap; the same after a scrape',
    memoryLines(report.bytesPerSeries),
  );
  yield* titled('ns per call', figureLines(report.nanoseconds));
  yield* titled('ms of CPU', figureLines(report.cpuMilliseconds));
  yield* titled('ms by the clock', figureLines(report.clockMilliseconds));
  yield* titled('MiB at the peak', figureLines(report.peakMebibytes));
  for (const [what, why] of Object.entries(report.skipped)) yield `\nskipped: ${what}, ${why}`;
}
