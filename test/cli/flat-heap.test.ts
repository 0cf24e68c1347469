// Goal: that V8 goes on collecting the young objects a little and often, in whatever Node this is. Method: a process of its own, because
// the flags are those of a process, which makes much that lives for a while, and V8's own word of each collection.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';

const PROGRAM = `
import { keepHeapFlat } from './lib/cli/flat-heap.ts';
if (process.argv[1] === 'flat') keepHeapFlat();
let kept = [];
for (let i = 0; i < 2_000_000; i++) {
  kept.push({ i, list: [i] });
  if (kept.length === 20_000) kept = [];
}
`;

function collections(how: string): number {
  const argv = ['--trace-gc', '--import', 'tsx', '--input-type=module', '--eval', PROGRAM, how];
  const said = execFileSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });
  return said.split('Scavenge').length - 1;
}

describe('keepHeapFlat', () => {
  it('has the young objects collected often, which V8 does more and more seldom', () => {
    expect(collections('flat')).to.be.above(2 * collections('as it is'));
  });
});
