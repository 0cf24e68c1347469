// Compiles kernels whose source texts arrive on standard input, a JSON list of { path: text }, and prints their binaries
// in base64. A process of its own: the compiler is large, and loads faster without the hooks of a test runner.
import { text } from 'node:stream/consumers';
import { compileKernel } from '../../scripts/compile-kernel.mjs';

const kernels = JSON.parse(await text(process.stdin));
const binaries = [];
for (const sources of kernels)
  binaries.push(await compileKernel((path, shipped) => sources[path] ?? shipped));
process.stdout.write(JSON.stringify(binaries.map(binary => Buffer.from(binary).toString('base64'))));
