import { expect } from 'chai';
import { ApiError } from '../../lib/kubernetes/api-error.js';
import { Retries, type Failure } from '../../lib/kubernetes/retries.js';

interface Tried {
  readonly retries: Retries;
  readonly said: Failure[];
  readonly paused: number[];
}

function retriesWith(refused: () => Promise<boolean> = () => Promise.resolve(false)): Tried {
  const said: Failure[] = [];
  const paused: number[] = [];
  const retries = new Retries({
    onFailure: failure => said.push(failure),
    refused,
    pause: millis => Promise.resolve(void paused.push(millis)),
    random: () => 1,
  });
  return { retries, said, paused };
}

const { signal } = new AbortController();
const unauthorized = new ApiError(401, '');

describe(Retries.name, () => {
  it('should say each failure, and wait', async () => {
    const { retries, said, paused } = retriesWith();
    const error = new Error('gone');
    await retries.failed('list', error, signal);
    await retries.failed('watch', new ApiError(503, '', '9'), signal);
    expect(said[0]).to.deep.equal({ verb: 'list', error, waitMillis: 250 });
    expect(paused).to.deep.equal([250, 9000]);
  });

  it('should not wait long before a list that follows a gap, whatever was before; but so when lists fail', async () => {
    const { retries, paused } = retriesWith();
    const gone = new ApiError(410, 'Expired');
    const away = new ApiError(503, '');
    for (const error of [away, away, away]) await retries.failed('watch', error, signal);
    retries.gap();
    await retries.failed('watch', gone, signal);
    for (const error of [gone, away, gone]) await retries.failed('list', error, signal);
    expect(paused).to.deep.equal([250, 500, 1000, 250, 500, 1000, 2000]);
  });

  it('should ask again at once with other credentials, and say so', async () => {
    const answers = [true, false];
    const { retries, said, paused } = retriesWith(() => Promise.resolve(answers.shift() ?? false));
    await retries.failed('list', unauthorized, signal);
    await retries.failed('list', unauthorized, signal);
    expect(said.map(({ waitMillis }) => waitMillis)).to.deep.equal([0, 10_000]);
    expect(paused).to.deep.equal([10_000]);
  });

  it('should wait when the credentials cannot be read', async () => {
    const { retries, paused } = retriesWith(() => Promise.reject(new Error('no file')));
    await retries.failed('list', unauthorized, signal);
    expect(paused).to.deep.equal([10_000]);
  });

  it('should count the minute anew when something came', async () => {
    const { retries, paused } = retriesWith();
    for (let round = 0; round < 3; round++) {
      for (let times = 0; times < 6; times++) await retries.failed('list', unauthorized, signal);
      retries.succeeded();
    }
    expect(paused).to.have.length(18);
    for (let times = 0; times < 6; times++) await retries.failed('list', unauthorized, signal);
    const error: unknown = await retries
      .failed('list', unauthorized, signal)
      .catch((cause: unknown) => cause);
    expect(error).to.equal(unauthorized);
  });

  it('should end its wait when it is told to, and not begin one after that', async () => {
    const end = new AbortController();
    const retries = new Retries({ onFailure: () => end.abort(), refused: () => Promise.resolve(false) });
    await retries.failed('list', unauthorized, end.signal);
    const later = new AbortController();
    const second = new Retries({
      onFailure: () => setImmediate(() => later.abort()),
      refused: () => Promise.resolve(false),
    });
    await second.failed('list', unauthorized, later.signal);
    expect(later.signal.aborted).to.equal(true);
  });
});
