// Goal: a watch that goes on is said to have caught up when it has, and not before, and nothing that it alone would show is lost by
// finding that out. Method: a real server on loopback, with waits of some milliseconds; none of the tests depends on how long they are.
import { expect } from 'chai';
import { CATCH_UP_TIMES, CatchUp, type CatchUpTimes } from '../../lib/kubernetes/catch-up.js';
import { begin, json, statusFault, TestApiServer } from './test-api-server.js';
import { objectOf, Watching } from './watching.js';

const SHORT: CatchUpTimes = { first: 20, quiet: 10, longest: 200, behind: 5000 };

describe(CatchUp.name, () => {
  let server: TestApiServer;
  let watching: Watching;

  beforeEach(async () => {
    server = await TestApiServer.start();
  });

  afterEach(async () => {
    await watching.end();
    await server.close();
  });

  function start(from: string, times: Partial<CatchUpTimes> = {}): Watching {
    watching = new Watching(server, {}, undefined, from, { ...SHORT, ...times });
    return watching;
  }

  async function taken(text: string): Promise<void> {
    while (!watching.taken.includes(text)) await new Promise(resolve => setTimeout(resolve, 2));
  }

  const requests = (): string => server.requests.map(({ kind }) => kind).join(' ');

  it('should say so after what was missed, of which the list takes nothing, and go on with the watch', async () => {
    for (const name of ['a', 'b', 'c']) server.change('ADDED', objectOf(name));
    start('1001');
    await taken('caught up');
    // What was missed is not waited for.
    expect(watching.paused).to.deep.equal([]);
    server.change('DELETED', objectOf('b'));
    await taken('DELETED b@1004');
    expect(watching.taken).to.deep.equal(['ADDED b@1002', 'ADDED c@1003', 'caught up', 'DELETED b@1004']);
    expect(requests()).to.equal('watch list');
    const kinds = watching.steps.filter(({ kind }) => kind !== 'waits');
    expect(kinds).to.deep.equal([{ kind: 'connected' }, { kind: 'caughtUp' }]);
  });

  it('should say so where there is nothing at all', async () => {
    start('1000');
    await taken('caught up');
    expect([requests(), watching.position]).to.deep.equal(['watch list', undefined]);
  });

  it('should not say so while the list has what the watch did not show', async () => {
    server.change('ADDED', objectOf('a'));
    server.change('ADDED', objectOf('b'));
    server.fault('watch', response => {
      begin(response);
      // Of a server that is slow: its history comes after the list was answered.
      void server
        .asked(({ kind }) => kind === 'list')
        .then(() => new Promise(resolve => setTimeout(resolve, 50)))
        .then(() => {
          expect(watching.taken).to.deep.equal([]);
          const metadata = { name: 'b', uid: 'uid-b', resourceVersion: '1002' };
          response.write(`${JSON.stringify({ type: 'ADDED', object: { metadata } })}\n`);
        });
    });
    start('1001');
    await taken('caught up');
    expect(watching.taken).to.deep.equal(['ADDED b@1002', 'caught up']);
    expect(requests()).to.equal('watch list');
  });

  it('should show what comes and goes while the list is made', async () => {
    server.change('ADDED', objectOf('a'));
    server.fault('list', response => {
      server.change('ADDED', objectOf('b'));
      server.change('DELETED', objectOf('b'));
      const items = [objectOf('a', { metadata: { name: 'a', uid: 'uid-a', resourceVersion: '1001' } })];
      json(response, 200, { kind: 'XList', items, metadata: { resourceVersion: server.version } });
    });
    start('1001');
    await taken('caught up');
    await taken('DELETED b@1003');
    expect(watching.taken.filter(text => text !== 'caught up')).to.deep.equal([
      'ADDED b@1002',
      'DELETED b@1003',
    ]);
    expect(requests()).to.equal('watch list');
  });

  it('should take a list where the watch does not show what there is', async () => {
    server.change('ADDED', objectOf('a'));
    server.change('ADDED', objectOf('b'));
    server.fault('watch', response => begin(response));
    const { listed } = start('1001', { behind: 20 });
    await listed;
    expect(watching.taken).to.deep.equal(['[a@1001 b@1002]']);
    expect(watching.failures).to.deep.equal([]);
    expect(watching.steps.map(({ kind }) => kind)).to.include('gap');
    server.change('ADDED', objectOf('c'));
    await taken('ADDED c@1003');
  });

  it('should notice data that are older, on a watch that says nothing of it', async () => {
    server.change('ADDED', objectOf('a'));
    const { listed } = start('5000');
    await listed;
    expect(watching.taken).to.deep.equal(['rolled back', '[a@1001]']);
    expect(watching.position).to.equal('1001');
  });

  it('should not wait for a watch on which something comes all the time', async () => {
    let count = 0;
    const more = setInterval(() => server.change('MODIFIED', objectOf(`w${count++ % 3}`)), 2);
    start('1000', { first: 10_000, quiet: 10_000, longest: 50 });
    await taken('caught up');
    clearInterval(more);
    const versions = watching.taken.flatMap(text => /@(\d+)$/.exec(text)?.[1] ?? []);
    expect(versions).to.deep.equal(versions.map((_, index) => `${1001 + index}`));
  });

  it('should ask again for a list that fails, and take one where its pages are gone', async () => {
    server.change('ADDED', objectOf('a'));
    server.fault('list', statusFault(503, 'ServiceUnavailable'));
    start('1001');
    await taken('caught up');
    expect(watching.reasons).to.have.length(1);
    await watching.end();
    server.fault('list', statusFault(410, 'Expired'));
    const { listed } = start('1001');
    await listed;
    expect(watching.taken).to.deep.equal(['[a@1001]']);
  });

  it('should begin anew with the next watch when the connection broke before', async () => {
    server.change('ADDED', objectOf('a'));
    server.fault('watch', response => {
      begin(response);
      setTimeout(() => response.destroy(), 5);
    });
    start('1001');
    await taken('caught up');
    // The first list has one object: whether the data are older.
    expect(requests()).to.equal('watch list watch list');
  });

  it('should end while it waits and while it asks', async () => {
    start('1000', { first: 60_000 });
    await server.asked(({ kind }) => kind === 'watch');
    await watching.end();
    server.fault('list', response => void response);
    start('1000');
    await server.asked(({ kind }) => kind === 'list');
    await watching.end();
    expect(watching.failures).to.deep.equal([]);
  });

  it('should wait for seconds, not for minutes', () => {
    expect(CATCH_UP_TIMES).to.deep.equal({ first: 5000, quiet: 1000, longest: 20_000, behind: 20_000 });
  });
});
