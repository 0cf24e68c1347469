import { expect } from 'chai';
import { SharedScrape } from '../../lib/exposition/shared-scrape.js';

describe('SharedScrape', () => {
  interface Pending {
    resolve: (value: number) => void;
    reject: (error: Error) => void;
  }
  let pending: Pending[];
  let shared: SharedScrape<number>;
  beforeEach(() => {
    pending = [];
    shared = new SharedScrape(() => new Promise((resolve, reject) => pending.push({ resolve, reject })));
  });

  it('should give what comes during a scrape the next one, and all of that the same', async () => {
    const first = shared.scrape(1000);
    const second = shared.scrape(1000);
    const third = shared.scrape(1000);
    expect(pending).to.have.length(1);
    pending[0]?.resolve(1);
    expect(await first).to.equal(1);
    expect(pending).to.have.length(2);
    const fourth = shared.scrape(1000);
    pending[1]?.resolve(2);
    expect(await Promise.all([second, third])).to.deep.equal([2, 2]);
    expect(pending).to.have.length(3);
    pending[2]?.resolve(3);
    expect(await fourth).to.equal(3);
  });

  it('should start anew when nothing is running', async () => {
    const first = shared.scrape(1000);
    pending[0]?.resolve(1);
    await first;
    const second = shared.scrape(1000);
    expect(pending).to.have.length(2);
    pending[1]?.resolve(2);
    expect(await second).to.equal(2);
  });

  it('should never run two at once, also for who asks in the moment when one ends', async () => {
    let running = 0;
    let runningMax = 0;
    let runs = 0;
    const counting = new SharedScrape(async () => {
      running++;
      runs++;
      runningMax = Math.max(runningMax, running);
      await new Promise(resolve => setImmediate(resolve));
      running--;
    });
    const askAgain = async (times: number): Promise<void> => {
      if (times === 0) return;
      await counting.scrape(1000);
      await askAgain(times - 1);
    };
    await Promise.all([askAgain(5), askAgain(5), askAgain(5).then(() => askAgain(5))]);
    expect(runningMax).to.equal(1);
    expect(runs).to.be.lessThan(20);
  });

  it('should pass an error on to those who share it, and go on', async () => {
    const first = shared.scrape(1000);
    const second = shared.scrape(1000);
    pending[0]?.reject(new Error('no'));
    expect(await first.catch((error: unknown) => String(error))).to.equal('Error: no');
    pending[1]?.resolve(2);
    expect(await second).to.equal(2);
  });

  it('should let a scrape wait only as long as the least patient of those who share it', async () => {
    const given: number[] = [];
    const patient = new SharedScrape(timeoutMillis => Promise.resolve(given.push(timeoutMillis)));
    await Promise.all([60_000, 900_000, 40_000, 800_000].map(millis => patient.scrape(millis)));
    await patient.scrape(700_000);
    expect([given[0], given[2]]).to.deep.equal([60_000, 700_000]);
    // What went by while it waited for its turn is gone.
    expect(given[1]).to.be.within(1, 40_000);
  });
});
