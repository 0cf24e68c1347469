import { expect } from 'chai';
import { listedObjectOf, type ListedObject } from '../../lib/kubernetes/listed-object.js';
import { inVersionOrder } from '../../lib/kubernetes/version-order.js';

async function orderOf(versions: readonly string[], since: string, heldBytesMax?: number): Promise<string[]> {
  async function* list(): AsyncGenerator<ListedObject> {
    for (const resourceVersion of versions) {
      await Promise.resolve();
      const text = JSON.stringify({ metadata: { uid: 'u', resourceVersion } });
      yield listedObjectOf({ bytes: Buffer.from(resourceVersion === 'broken' ? '{' : text) });
    }
  }
  const found: string[] = [];
  for await (const object of inVersionOrder(
    list(),
    since,
    heldBytesMax === undefined ? {} : { heldBytesMax },
  ))
    try {
      found.push((object as { metadata: { resourceVersion: string } }).metadata.resourceVersion);
    } catch {
      found.push('unread');
    }
  return found;
}

describe('inVersionOrder', () => {
  it('should give what was seen as it comes, and what has changed by version', async () => {
    expect(await orderOf(['30', '9', '101', '8', '11', '10'], '10')).to.deep.equal([
      '9',
      '8',
      '10',
      '11',
      '30',
      '101',
    ]);
  });

  it('should hold back nothing that cannot be read', async () => {
    expect(await orderOf(['12', 'broken', '11'], '10')).to.deep.equal(['unread', '11', '12']);
  });

  it('should leave what cannot be compared where it is, behind what was seen', async () => {
    expect(await orderOf(['b', '5', 'a', ''], '10')).to.deep.equal(['5', 'b', 'a', '']);
  });

  it('should order in parts what is too much to hold', async () => {
    expect(await orderOf(['15', '14', '13', '12', '11'], '10', 100)).to.deep.equal([
      '13',
      '14',
      '15',
      '11',
      '12',
    ]);
  });

  it('should read what it held as it is told to', async () => {
    async function* list(): AsyncGenerator<ListedObject> {
      await Promise.resolve();
      yield listedObjectOf({ bytes: Buffer.from('{"metadata":{"uid":"u","resourceVersion":"5"}}') });
    }
    const found: unknown[] = [];
    for await (const object of inVersionOrder(list(), '1', { parse: bytes => bytes.length }))
      found.push(object);
    expect(found).to.deep.equal([46]);
  });
});
