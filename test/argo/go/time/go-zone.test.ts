import { expect } from 'chai';
import { UTC, fixedZone, loadZone } from '../../../../lib/argo/go/time/go-zone.js';

const JULY = Date.UTC(2026, 6, 1) / 1000;
const JANUARY = Date.UTC(2026, 0, 1) / 1000;

describe('loadZone', () => {
  it('should take a container without a zone for UTC', () => {
    for (const name of ['', 'UTC', 'Local']) expect(loadZone(name), name).to.equal(UTC);
  });

  it('should know summer from winter', () => {
    const berlin = loadZone('Europe/Berlin');
    expect(berlin?.offsetAt(JULY)).to.deep.equal({ name: 'CEST', offsetSeconds: 7200 });
    expect(berlin?.offsetAt(JANUARY)).to.deep.equal({ name: 'CET', offsetSeconds: 3600 });
    expect(loadZone('America/New_York')?.offsetAt(JANUARY)).to.deep.equal({
      name: 'EST',
      offsetSeconds: -18000,
    });
  });

  it('should name a zone without an abbreviation after its offset', () => {
    expect(loadZone('America/Sao_Paulo')?.offsetAt(JANUARY)).to.deep.equal({
      name: '-03',
      offsetSeconds: -10800,
    });
    expect(loadZone('Asia/Kathmandu')?.offsetAt(JANUARY)).to.deep.equal({
      name: '+0545',
      offsetSeconds: 20700,
    });
  });

  it('should know no zones that Go would not find', () => {
    for (const name of ['No/Where', 'europe/berlin', '../etc/passwd', '+05:00', 'x'.repeat(10_000)])
      expect(loadZone(name), name.slice(0, 20)).to.equal(undefined);
  });
});

describe('fixedZone', () => {
  it('should have one offset', () => {
    expect(fixedZone('X', 60).offsetAt(JULY)).to.deep.equal({ name: 'X', offsetSeconds: 60 });
  });
});
