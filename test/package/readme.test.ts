// Goal: what the README shows works. Method: run each of its JavaScript blocks as it stands.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { ROOT, readText } from '../support/source-tree.js';

const BLOCK_TIMEOUT_MILLIS = 30_000;

function javaScriptBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** Node sees by the imports that it is a module; said with a flag, it would hold for the worker of the example too. */
function runBlock(code: string): string {
  return execFileSync(process.execPath, ['--eval', code], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: BLOCK_TIMEOUT_MILLIS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('README', () => {
  const readme = readText('README.md');
  const blocks = javaScriptBlocks(readme);

  it('should begin with an example that counts in two threads', () => {
    expect(runBlock(blocks[0] ?? '')).to.equal("[ [ 'Succeeded', 1 ], [ 'Failed', 2 ] ]\n");
  });

  it('should show only JavaScript that runs', function () {
    this.timeout(BLOCK_TIMEOUT_MILLIS * blocks.length);
    for (const code of blocks.slice(1)) runBlock(code);
    expect(blocks.length).to.be.greaterThan(1);
  });

  it('should name the two commands that CI runs', () => {
    const ci = readText('.ci/run');
    expect(readme).to.include('npm ci && npm start').and.to.include('npm cit');
    expect(ci).to.include('npm cit').and.to.include('npm start');
  });
});
