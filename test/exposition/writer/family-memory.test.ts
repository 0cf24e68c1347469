import { expect } from 'chai';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { FamilyMemory } from '../../../lib/exposition/writer/family-memory.js';
import { metricFamilies } from '../../../lib/exposition/names/metric-families.js';
import { textLayout } from '../../../lib/exposition/writer/text-layout.js';
import type { CollectedStream } from '../../../lib/store/definition/stream.js';
import { stream } from '../streams.js';

describe('FamilyMemory', () => {
  const ignore = (): void => undefined;

  it('should keep layouts apart by their key, and make each and its templates once', () => {
    const memory = new FamilyMemory(false, ignore);
    const make = (name: string) => () => textLayout({ name, type: 'histogram', help: '' });
    const a = memory.layoutOf('a', make('a'));
    expect(memory.layoutOf('a', make('b'))).to.equal(a);
    expect(memory.layoutOf('b', make('b')).head.toString()).to.equal('# TYPE b histogram\n');
    expect(a.templateOf([1, 2])).to.equal(a.templateOf([1, 2]));
    expect(a.templateOf([1]).lines).to.have.length(4);
  });

  it('should know whether a label would be written differently with UTF-8 names', async () => {
    const sectionsOf = async (memory: FamilyMemory, one: CollectedStream): Promise<void> => {
      for (const family of metricFamilies([one], [], ignore))
        await memory.sectionsOf(family, new TimeSlice());
    };
    const memory = new FamilyMemory(false, ignore);
    await sectionsOf(memory, stream({}, [{ plain_key: 1 }, 1]));
    expect(memory.needsUtf8Keys).to.be.false;
    await sectionsOf(memory, stream({}, [{ plain_key: 1 }, 1], [{ 'other.key': 1 }, 1]));
    expect(memory.needsUtf8Keys).to.be.true;
  });
});
