import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { ResourceAttributes } from '../../lib/exposition/resource-attributes.js';

describe('ResourceAttributes', () => {
  it('should ask a resource once, and another one anew', async () => {
    let asked = 0;
    const resourceOf = (name: string): object => ({
      get attributes() {
        asked++;
        return { name };
      },
    });
    const [a, b] = [resourceOf('a'), resourceOf('b')];
    const attributes = new ResourceAttributes();
    for (const [resource, name] of [
      [a, 'a'],
      [a, 'a'],
      [b, 'b'],
      [b, 'b'],
    ] as const)
      // prettier-ignore
      expect(await attributes.of(resource)).to.deep.equal({ name });
    expect(asked).to.equal(2);
    expect(await attributes.of(undefined)).to.deep.equal({});
  });

  it('should have none of a resource that cannot be read, and say so once', async () => {
    const said: unknown[] = [];
    const ignore = (): void => undefined;
    diag.setLogger({
      error: ignore,
      info: ignore,
      debug: ignore,
      verbose: ignore,
      warn: text => said.push(text),
    });
    const broken = { get attributes(): never { throw new Error('broken'); } }; // prettier-ignore
    try {
      const attributes = new ResourceAttributes();
      for (let scrape = 0; scrape < 3; scrape++) expect(await attributes.of(broken)).to.deep.equal({});
    } finally {
      diag.disable();
    }
    expect(said.filter(text => String(text).includes('broken'))).to.have.length(1);
  });
});
