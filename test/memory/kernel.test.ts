// Goal: what TypeScript calls is what was compiled.
import { expect } from 'chai';
import ts from 'typescript';
import { createRegion } from '../../lib/memory/region.js';
import { instantiateKernel, requireWebAssembly } from '../../lib/memory/kernel.js';
import { parseSource, readText } from '../support/source-tree.js';

/** Names of the members of an interface. */
function membersOf(path: string, name: string): string[] {
  const { syntax } = parseSource(path, readText(path));
  const found = syntax.statements.find(
    statement => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  ) as ts.InterfaceDeclaration;
  return found.members.map(member => member.name?.getText() ?? '');
}

describe('the kernel', () => {
  const region = createRegion({
    maxBytes: 2 ** 20,
    stripes: 1,
    maxStreams: 1,
    maxBoundaries: 1,
    maxSeries: 1,
    maxLabelBytes: 64,
  });

  it('should have the functions that TypeScript declares, and no others', () => {
    const kernel = instantiateKernel(region.memory);
    const functions = Object.entries(kernel).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name)).to.have.members(membersOf('lib/memory/kernel.ts', 'Kernel'));
  });

  it('should change the memory that it was given, as every other instance of it does', () => {
    const other = instantiateKernel(region.memory);
    const right = other.takeRight(0, 0, 0);
    expect(right).not.to.equal(0);
    expect([region.kernel.takeRight(0, 0, 0), region.kernel.giveRight(right)]).to.deep.equal([0, 1]);
  });

  it('should be asked for only where there is WebAssembly', () => {
    requireWebAssembly();
    const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') as PropertyDescriptor;
    Reflect.deleteProperty(globalThis, 'WebAssembly');
    try {
      expect(requireWebAssembly).to.throw('--jitless').with.property('code', 'WEBASSEMBLY_UNAVAILABLE');
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', own);
    }
  });
});
