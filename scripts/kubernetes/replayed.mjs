// What the command `replay` makes of events, which is compared with recordings of a controller's own metrics elsewhere.
import { run } from '../steps.mjs';
import { Samples } from './samples.mjs';

/** As of now. `file`: events, a line each. */
export async function replayed(command, file) {
  const args = [command, 'replay', file, '--at', new Date().toISOString()];
  const { stdout, stderr } = await run(process.execPath, args);
  // Of a workflow that is wrong it says so and ends with 1; what it printed counts.
  if (!stdout.includes('# TYPE')) throw new Error(`replay printed no metrics\n${stderr.slice(-1000)}`);
  return new Samples(stdout);
}
