import { expect } from 'chai';
import { FormerText, FormerTexts } from '../../../lib/argo/workflow/former-texts.js';
import type { PassedMember } from '../../../lib/argo/workflow/former-texts.js';
import { readWrittenNodes } from '../../../lib/argo/workflow/written-nodes.js';
import { WrittenText } from '../../../lib/argo/workflow/written-text.js';

const MEBIBYTE = 1024 * 1024;

/** An object under `nodes`, as whoever went through the text passes it. */
function passed(text: string): { bytes: Buffer; members: PassedMember[] } {
  const bytes = Buffer.from(text);
  const from = text.indexOf(':') + 1;
  const { to, rows } = readWrittenNodes(new WrittenText(bytes, true), from);
  return { bytes, members: [{ from, to, rows }] };
}

describe('FormerText', () => {
  const text = new FormerText(100, 20_000);

  it('should know where a member ends that is written as before, wherever it begins', () => {
    const bytes = Buffer.from('{"a":[1,"]"],"b":{"c":1},"d":12}');
    const members = [
      { from: 5, to: 12 },
      { from: 17, to: 24 },
      { from: 29, to: 31 },
    ];
    expect(text.become(bytes, members)).to.equal(true);
    bytes.fill(0);
    const next = Buffer.from('{"longer":[1,"]"],"b":{"c":2},"d":123}');
    const endOf = (index: number, value: string): number | undefined =>
      text.endAsBefore(index, next, next.indexOf(value));
    expect(endOf(0, '[1')).to.equal(next.indexOf(',"b"'));
    // Changed; after a number its end is not known; another member; none at all.
    expect([endOf(1, '{"c"'), endOf(2, '123'), endOf(1, '[1'), endOf(3, '[1')]).to.deep.equal([
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(text.endAsBefore(0, next.subarray(0, 15), next.indexOf('[1'))).to.equal(undefined);
  });

  it('should keep bytes and places of its own', () => {
    const { bytes, members } = passed('{"nodes":{"a":{"name":"x"}}}');
    expect(text.become(bytes, members)).to.equal(true);
    const places = members[0]?.rows?.places.slice();
    bytes.fill(0);
    members[0]?.rows?.places.fill(0);
    expect(Buffer.from(text.nodes?.bytes ?? []).toString()).to.include('{"nodes":{"a":{"name":"x"}}}');
    expect(text.nodes?.places.subarray(0, places?.length)).to.deep.equal(places);
    expect(text.become(Buffer.from('{}'), [])).to.equal(true);
    expect(text.nodes).to.equal(undefined);
  });

  it('should refuse what it has no room for, and be what it was', () => {
    const { bytes, members } = passed('{"nodes":{"a":{}}}');
    text.become(bytes, members);
    const { nodes } = text;
    const many = passed(`{"n":{${Array.from({ length: 40 }, (_, index) => `"a${index}":{}`).join()}}}`);
    expect(text.become(Buffer.alloc(101), [])).to.equal(false);
    expect(new FormerText(1000, 20_000).become(many.bytes, many.members)).to.equal(false);
    expect(text.nodes).to.equal(nodes);
    expect(new FormerText(10, 8010).become(Buffer.alloc(10), [])).to.equal(true);
  });
});

describe('FormerTexts', () => {
  it('should hold the last text of a workflow', () => {
    const texts = new FormerTexts();
    for (const name of ['short', 'longer than that', 'x'.repeat(100)]) {
      const { bytes, members } = passed(`{"nodes":{"${name}":{}}}`);
      texts.set('uid', bytes, members);
      expect(texts.get('uid')?.nodes?.facts.map(({ id }) => id)).to.deep.equal([name]);
    }
    expect(texts.get('other')).to.equal(undefined);
  });

  it('should hold no more than some MiB, however many there are, and none that is long', () => {
    const texts = new FormerTexts();
    const long = Buffer.alloc(MEBIBYTE);
    const uids = Array.from({ length: 40 }, (_, index) => `uid ${index}`);
    for (const uid of uids) texts.set(uid, long, []);
    const known = uids.filter(uid => texts.get(uid));
    expect(known.length).to.be.within(6, 16);
    expect(known).to.include('uid 39');
    texts.set('long', Buffer.alloc(2 * MEBIBYTE + 1), []);
    expect(texts.get('long')).to.equal(undefined);
  });

  it('should take what an API server takes', () => {
    const texts = new FormerTexts();
    texts.set('uid', Buffer.alloc(2 * MEBIBYTE), []);
    expect(texts.get('uid')).to.be.instanceOf(FormerText);
  });

  it('should weigh no more than two generations', () => {
    for (let count = 1; count <= 30; count++) {
      const texts = new FormerTexts();
      for (let index = 0; index < count; index++) texts.set(`${index}`, Buffer.alloc(MEBIBYTE), []);
      const known = Array.from({ length: count }, (_, index) => texts.get(`${count - 1 - index}`));
      const held = known.reduce((sum, text) => sum + (text?.bytesMax ?? 0), 0);
      expect(held, `${count}`).to.be.at.most(16 * MEBIBYTE);
      if (count > 12) expect(held).to.be.at.least(7 * MEBIBYTE);
    }
  });

  it('should take the next one into the same place, also a longer one', () => {
    const texts = new FormerTexts();
    const take = (nodes: number, length: number): FormerText | undefined => {
      const { bytes, members } = passed(
        `{"n":{${Array.from({ length: nodes }, (_, index) => `"a${index}":{}`).join()}}}`,
      );
      texts.set('uid', Buffer.concat([bytes, Buffer.alloc(length)]), members);
      return texts.get('uid');
    };
    const first = take(100, 3000);
    expect(take(110, 3000)).to.equal(first);
    expect(take(100, 3600)).to.equal(first);
    expect(first?.nodes?.facts).to.have.length(100);
    expect(take(100, 20_000)).to.not.equal(first);
    const second = take(100, 3000);
    expect(take(200, 3000)).to.not.equal(second);
  });

  it('should weigh nodes, which take more than their text', () => {
    const uids = Array.from({ length: 40 }, (_, index) => `uid ${index}`);
    const knownOf = (nodes: number): number => {
      const texts = new FormerTexts();
      const { bytes, members } = passed(
        `{"nodes":{${Array.from({ length: nodes }, (_, index) => `"a${index}":{}`).join()}}}`,
      );
      for (const uid of uids) texts.set(uid, bytes, members);
      return uids.filter(uid => texts.get(uid)).length;
    };
    expect(knownOf(10_000)).to.equal(0);
    expect(knownOf(4000)).to.be.within(2, 4);
  });
});
