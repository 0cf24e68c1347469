// Goal: whatever a server and the way to it do, each object is taken in the order of its versions, and nothing is lost that the
// server still has. Method: a real server on loopback that does it.
import { expect } from 'chai';
import type { API_LIMITS } from '../../lib/kubernetes/api-client.js';
import { ListWatch } from '../../lib/kubernetes/list-watch.js';
import { begin, errorEvent, json, statusFault, TestApiServer, type Fault } from './test-api-server.js';
import { objectOf, PATH, Watching } from './watching.js';

describe(ListWatch.name, () => {
  let server: TestApiServer;
  let watching: Watching | undefined;

  beforeEach(async () => {
    server = await TestApiServer.start();
  });

  afterEach(async () => {
    await watching?.end();
    await server.close();
    watching = undefined;
  });

  function start(limits: Partial<typeof API_LIMITS> = {}, from?: string): Watching {
    return (watching = new Watching(server, limits, undefined, from));
  }

  const watchFrom = (version: string): Promise<unknown> =>
    server.asked(({ kind, query }) => kind === 'watch' && query.get('resourceVersion') === version);

  it('should list, and then take each event', async () => {
    server.change('ADDED', objectOf('b'));
    server.change('ADDED', objectOf('a'));
    const { listed, taken } = start();
    await listed;
    expect(watching?.parsed).to.equal(2);
    server.change('MODIFIED', objectOf('a'));
    server.change('DELETED', objectOf('b'));
    await server.caughtUp();
    expect(watching?.parsed).to.equal(4);
    expect(taken).to.deep.equal(['[a@1002 b@1001]', 'MODIFIED a@1003', 'DELETED b@1004']);
  });

  it('should ask as an API server is asked', async () => {
    await start().listed;
    await watchFrom('1000');
    const [list, watch] = server.requests;
    expect(list?.path).to.equal(PATH);
    expect(Object.fromEntries(list?.query ?? [])).to.deep.equal({ limit: '100', labelSelector: 'a=b' });
    expect(Object.fromEntries(watch?.query ?? [])).to.deep.equal({
      watch: '1',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '300',
      resourceVersion: '1000',
      labelSelector: 'a=b',
    });
    expect(watch?.headers).to.include({ accept: 'application/json', 'user-agent': 'test' });
  });

  it('should list in pages', async () => {
    for (let index = 100; index < 350; index++) server.change('ADDED', objectOf(`w${index}`));
    const { listed, taken } = start();
    await listed;
    expect(taken[0]?.split(' ')).to.have.length(250);
    expect(server.requests.filter(({ kind }) => kind === 'list')).to.have.length(3);
  });

  describe('that goes on where a process before stood', () => {
    const listsOf = (): (string | null)[] =>
      server.requests.filter(({ kind }) => kind === 'list').map(({ query }) => query.get('limit'));

    it('should begin with a watch, and say with each event where it stands', async () => {
      server.change('ADDED', objectOf('a'));
      server.change('ADDED', objectOf('b'));
      const begun = watchFrom('1001');
      const { taken } = start({}, '1001');
      await begun;
      await server.caughtUp();
      expect(taken).to.deep.equal(['ADDED b@1002']);
      expect(watching?.position).to.equal('1002');
      server.fault('watch', response => {
        begin(response);
        response.end('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1234"}}}\n');
      });
      const moved = watchFrom('1234');
      server.endWatches();
      await moved;
      expect([taken.length, watching?.position]).to.deep.equal([1, '1234']);
      expect(listsOf()).to.deep.equal([]);
    });

    it('should list where the history does not reach back, with what has changed last', async () => {
      server.change('ADDED', objectOf('b'));
      server.change('ADDED', objectOf('a'));
      server.change('ADDED', objectOf('c'));
      server.compact();
      const { listed, taken } = start({}, '1001');
      await listed;
      expect(taken).to.deep.equal(['[b@1001 a@1002 c@1003]']);
      expect(watching?.position).to.equal('1003');
      expect(listsOf()).to.deep.equal(['1', '100']);
    });

    it('should say first that the data are older than what was seen', async () => {
      server.change('ADDED', objectOf('b'));
      server.change('ADDED', objectOf('a'));
      server.fault('watch', statusFault(410, 'Expired'));
      const { listed, taken } = start({}, '5000');
      await listed;
      expect(taken).to.deep.equal(['rolled back', '[a@1002 b@1001]']);
      expect(watching?.position).to.equal('1002');
    });
  });

  describe('when a connection ends', () => {
    for (const end of ['end', 'destroy'] as const)
      it(`should go on from the last version after ${end}`, async () => {
        const { listed, taken } = start();
        await listed;
        for (const name of ['a', 'b', 'c']) {
          server.change('ADDED', objectOf(name));
          await server.caughtUp(end);
        }
        expect(taken).to.deep.equal(['[]', 'ADDED a@1001', 'ADDED b@1002', 'ADDED c@1003']);
        const lists = server.requests.filter(({ kind }) => kind === 'list');
        // Who answers after a connection that broke is asked for his version.
        expect(lists.slice(1).every(({ query }) => query.get('limit') === '1')).to.equal(true);
        expect(lists.length === 1).to.equal(end === 'end');
      });

    it('should leave out a line that was cut, and take it when it comes whole', async () => {
      server.fault('watch', response => {
        begin(response);
        response.write('{"type":"ADDED","object":{"metadata":{"name":"a","uid":"u","resourceVersion":"1001"');
        setImmediate(() => response.destroy());
      });
      const { listed, taken } = start();
      await listed;
      const back = server.asked(({ kind }) => kind === 'watch');
      await back;
      server.change('ADDED', objectOf('a'));
      await server.caughtUp();
      expect(taken).to.deep.equal(['[]', 'ADDED a@1001']);
    });

    it('should not leave its version when what was cut looks like a whole answer', async () => {
      // Without a length and without chunks, the end of the connection is the end of the answer.
      server.fault('watch', response => {
        response.socket?.end(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"type":"ADDED","object":{"metadata":{}}}',
        );
      });
      const { listed, taken } = start();
      await listed;
      await server.asked(({ kind }) => kind === 'watch');
      server.change('ADDED', objectOf('a'));
      await server.caughtUp();
      expect(taken).to.deep.equal(['[]', 'ADDED a@1001']);
    });

    it('should follow a bookmark', async () => {
      server.fault('watch', response => {
        begin(response);
        const object = { kind: 'Workflow', metadata: { resourceVersion: '2000' } };
        response.end(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
      });
      const back = watchFrom('2000');
      const { taken, failures } = start();
      await back;
      expect(taken).to.deep.equal(['[]']);
      expect(failures).to.deep.equal([]);
    });

    it('should wait longer and longer for a server that ends each watch at once, until something comes', async () => {
      const { listed, waits } = start();
      const endAtOnce: Fault = response => {
        begin(response);
        response.end();
      };
      server.fault(
        'watch',
        endAtOnce,
        endAtOnce,
        endAtOnce,
        response => {
          begin(response);
          const object = objectOf('a', { metadata: { name: 'a', uid: 'u', resourceVersion: '1001' } });
          response.end(`${JSON.stringify({ type: 'ADDED', object })}\n`);
        },
        endAtOnce,
      );
      await listed;
      await watchFrom('1001');
      await watchFrom('1001');
      expect(waits).to.deep.equal([250, 500, 1000, 250]);
    });

    it('should not wait as long for the list that follows a gap', async () => {
      const away = statusFault(503, 'ServiceUnavailable');
      server.fault('watch', away, away, away, statusFault(410, 'Expired'));
      const { listed, waits } = start();
      await listed;
      // Written before any of them is answered: the watch behind the list is known by its version.
      await server.asked(({ kind }) => kind === 'watch');
      server.change('ADDED', objectOf('a'));
      await watchFrom('1001');
      expect(waits).to.deep.equal([250, 500, 1000, 250]);
    });
  });

  describe('after a gap', () => {
    const faults: Readonly<Record<string, Fault>> = {
      'an ERROR event on an answer that began well': errorEvent(410, 'Expired'),
      'an answer 410': statusFault(410, 'Expired'),
    };
    for (const [name, fault] of Object.entries(faults))
      it(`should list again for ${name}, what has changed last and by version`, async () => {
        for (const each of ['a', 'b', 'c', 'd']) server.change('ADDED', objectOf(each));
        const { listed, taken } = start();
        await listed;
        await watchFrom('1004');
        server.fault('watch', fault);
        // Written while nobody watches, and forgotten: c before a, whatever their names.
        server.endWatches();
        for (const each of ['c', 'a', 'e']) server.change('MODIFIED', objectOf(each));
        server.compact();
        await watchFrom('1007');
        expect(taken).to.deep.equal([
          '[a@1001 b@1002 c@1003 d@1004]',
          '[b@1002 d@1004 c@1005 a@1006 e@1007]',
        ]);
      });

    it('should begin anew from the first page when the pages are gone', async () => {
      for (let index = 100; index < 350; index++) server.change('ADDED', objectOf(`w${index}`));
      server.fault('list', firstPage(server));
      const { listed, taken } = start();
      await listed;
      expect(taken).to.have.length(2);
      expect(taken[0]).to.match(/ w199@1100 broken: 410 Expired/);
      expect(taken[1]?.split(' ')).to.have.length(250);
    });

    it('should list when the server knows only older versions, as one restored from a backup', async () => {
      const { listed, taken, waits } = start();
      await listed;
      await watchFrom('1000');
      const causes = [{ reason: 'ResourceVersionTooLarge' }];
      const tooLarge = errorEvent(504, 'Timeout', { retryAfterSeconds: 2, causes });
      server.fault('watch', tooLarge, tooLarge, tooLarge, tooLarge, tooLarge);
      server.endWatches();
      await server.asked(({ kind }) => kind === 'list');
      await server.asked(({ kind }) => kind === 'watch');
      expect(taken).to.deep.equal(['[]', '[]']);
      expect(waits.slice(1)).to.deep.equal([2000, 2000, 2000, 4000, 8000]);
    });
  });

  it('should list when the connection broke, and who answers has older data: a watch of what is to come says nothing', async () => {
    server.change('ADDED', objectOf('a'));
    const { listed, taken } = start();
    await listed;
    await watchFrom('1001');
    const older = { kind: 'XList', items: [], metadata: { resourceVersion: '900' } };
    server.fault('list', response => json(response, 200, older));
    const back = server.asked(({ kind }) => kind === 'watch');
    server.endWatches('destroy');
    await back;
    expect(taken).to.deep.equal(['[a@1001]', 'rolled back', '[a@1001]']);
  });

  it('should wait longer and longer for a server that answers, and breaks each watch', async () => {
    const { listed, waits } = start();
    await listed;
    const broken: Fault = response => response.destroy();
    server.fault('watch', broken, broken, broken, broken);
    await server.asked(() => server.requests.filter(({ kind }) => kind === 'watch').length === 5);
    expect(waits).to.deep.equal([250, 500, 1000, 2000]);
  });

  describe('when it is told to wait', () => {
    it('should wait as long as the server says, at least', async () => {
      server.fault(
        'list',
        statusFault(429, 'TooManyRequests', { 'retry-after': '7' }),
        statusFault(503, 'ServiceUnavailable', {}, { retryAfterSeconds: 3 }),
        statusFault(404, 'NotFound'),
        statusFault(500, 'InternalError', { 'retry-after': '999999999' }),
        statusFault(500, 'InternalError', { 'retry-after': 'Fri, 27 Nov 2026 23:00:00 GMT' }),
      );
      const { listed, waits, reasons } = start();
      await listed;
      expect(waits).to.deep.equal([7000, 3000, 1000, 300_000, 4000]);
      expect(reasons[0]).to.equal('list: 429 TooManyRequests it is TooManyRequests');
    });

    it('should ask for smaller pages when they come too late, down to ten', async () => {
      const late = statusFault(504, 'Timeout');
      server.fault('list', late, late, late, late, late);
      await start().listed;
      const limits = server.requests.flatMap(({ kind, query }) =>
        kind === 'list' ? [query.get('limit')] : [],
      );
      expect(limits).to.deep.equal(['100', '50', '25', '12', '10', '10']);
    });

    it('should ask for smaller pages when none comes', async () => {
      server.fault('list', response => void response);
      const { listed, reasons } = start({ silenceMillis: 100 });
      await listed;
      expect(reasons[0]).to.equal('list: no answer in 0.1 s');
      expect(server.requests[1]?.query.get('limit')).to.equal('50');
    });

    it('should ask for the page that failed, not for all of them', async () => {
      for (let index = 100; index < 350; index++) server.change('ADDED', objectOf(`w${index}`));
      server.fault('list', statusFault(503, 'ServiceUnavailable'), statusFault(503, 'ServiceUnavailable'));
      const { listed, taken, waits } = start();
      await server.asked(() => server.requests.length === 3);
      server.fault('list', response => response.destroy(), statusFault(503, 'ServiceUnavailable'));
      await listed;
      expect(taken).to.have.length(1);
      // Each page begins anew.
      expect(waits).to.deep.equal([250, 500, 250, 500]);
      const tokens = server.requests.flatMap(({ kind, query }) =>
        kind === 'list' ? [query.get('continue')] : [],
      );
      expect(tokens).to.deep.equal([null, null, null, 'token-0', 'token-0', 'token-0', 'token-1']);
    });
  });

  describe('when it is not let in', () => {
    it('should give up after a minute at the start', async () => {
      const forbidden = statusFault(403, 'Forbidden');
      server.fault('list', ...Array.from({ length: 20 }, () => forbidden));
      const { done, waits } = start();
      let error: unknown;
      await done.catch((cause: unknown) => (error = cause));
      expect(error).to.include({ status: 403 });
      expect(waits).to.deep.equal(Array.from({ length: 6 }, () => 10_000));
    });

    it('should give up when it may list, but was never let watch', async () => {
      server.fault('watch', ...Array.from({ length: 20 }, () => statusFault(403, 'Forbidden')));
      const { done, waits } = start();
      let error: unknown;
      await done.catch((cause: unknown) => (error = cause));
      expect(error).to.include({ status: 403 });
      expect(waits).to.have.length(6);
    });

    it('should never give up once it was', async () => {
      const { listed, waits, taken } = start();
      await listed;
      await watchFrom('1000');
      server.fault(
        'watch',
        ...Array.from({ length: 20 }, (_, index) => statusFault(401 + 2 * (index % 2), 'No')),
      );
      const back = server.asked(() => server.requests.length === 23);
      server.endWatches();
      await back;
      server.change('ADDED', objectOf('a'));
      await server.caughtUp();
      expect(waits.slice(1)).to.deep.equal(Array.from({ length: 20 }, () => 10_000));
      expect(taken).to.deep.equal(['[]', 'ADDED a@1001']);
    });
  });

  it('should end while it waits for an answer, for a line, and for the next try', async () => {
    server.fault('list', response => void response);
    const first = start();
    await server.asked(() => true);
    await first.end();
    const second = start();
    await server.asked(({ kind }) => kind === 'watch');
    await second.end();
    expect(second.failures).to.deep.equal([]);
  });
});

/** The first page, and then the pages are gone. */
function firstPage(server: TestApiServer): Fault {
  return response => {
    const items = Array.from({ length: 100 }, (_, index) => ({
      metadata: { name: `w${index + 100}`, uid: `uid-w${index + 100}`, resourceVersion: `${index + 1001}` },
    }));
    json(response, 200, {
      kind: 'XList',
      items,
      metadata: { resourceVersion: server.version, continue: 'gone' },
    });
  };
}
