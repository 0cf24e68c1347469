// Processes with a collector thread end in all ways in which a last export is promised, and a real Collector has everything
// that they recorded, in both temporalities.
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { fileURLToPath } from 'node:url';
import { run } from './steps.mjs';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const TEMPORALITIES = { cumulative: CUMULATIVE, delta: DELTA };
/** And the codes of these ends. */
const ENDS = { exit: 3, 'uncaught error': 1, 'nothing left to do': 0 };
const PROGRAM = fileURLToPath(new URL('ending-process.mjs', import.meta.url));

/** Resolves with what each process recorded. */
export async function endProcesses(collector) {
  const ended = [];
  for (const [temporality, number] of Object.entries(TEMPORALITIES))
    for (const [how, expected] of Object.entries(ENDS)) {
      const service = `${how}, ${temporality}`;
      const { code, stdout, stderr } = await run(process.execPath, [
        PROGRAM,
        how,
        service,
        collector.url,
        `${number}`,
      ]);
      if (code !== expected)
        throw new Error(`${service}: ended with ${code}, expected ${expected}\n${stderr}`);
      ended.push({ service, isDelta: number === DELTA, recorded: Number(stdout) });
    }
  return ended;
}

/** Throws unless the Collector has it, from more exports than the last one. */
export function judgeEnd({ service, isDelta, recorded }, points) {
  const own = points
    .filter(point => point.service === service)
    .toSorted((one, other) => one.time - other.time);
  if (own.length < 2)
    throw new Error(`${own.length} exports in all: the last one is not to be told from the others`);
  const kept = isDelta ? own.reduce((sum, { value }) => sum + value, 0) : own.at(-1).value;
  if (recorded === 0 || kept !== recorded) throw new Error(`recorded ${recorded}, kept ${kept}`);
  return `${recorded} recorded, and kept in ${own.length} exports`;
}
