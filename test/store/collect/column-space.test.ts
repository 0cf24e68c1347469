import { expect } from 'chai';
import { ColumnSpaces } from '../../../lib/store/collect/column-space.js';

describe('ColumnSpaces', () => {
  /** Takes columns of these lengths, and gives them back. */
  const use = (spaces: ColumnSpaces, ...lengths: number[]): Float64Array[] => {
    const space = spaces.open();
    const columns = lengths.map(length => space.take(length));
    space.release();
    return columns;
  };

  it('should give columns as long as they are wanted, none of which is part of another', () => {
    const spaces = new ColumnSpaces();
    for (let times = 0; times < 3; times++) {
      const columns = use(spaces, 100, 0, 5000, 7);
      expect(columns.map(({ length }) => length)).to.deep.equal([100, 0, 5000, 7]);
      columns.forEach((column, index) => column.fill(index));
      columns.forEach((column, index) =>
        expect(new Set(column).size <= 1 && column[0] !== -1, `${index}`).to.equal(true),
      );
      columns.forEach((column, index) => column.length > 0 && expect(column[0]).to.equal(index));
    }
  });

  it('should use memory again that was given back, and no other', () => {
    const spaces = new ColumnSpaces();
    use(spaces, 5000);
    const [again] = use(spaces, 5000);
    const held = spaces.open();
    const [first] = [held.take(5000)];
    expect(first.buffer).to.equal(again!.buffer);
    const other = spaces.open();
    expect(other.take(5000).buffer, 'somebody looks at it').to.not.equal(first.buffer);
    other.release();
    held.release();
  });

  it('should use the very arrays again that the first collection made, and few for many columns', () => {
    const spaces = new ColumnSpaces();
    const first = use(spaces, 5000, 100_000, 100_000);
    const again = use(spaces, 5000, 100_000, 100_000);
    again.forEach(({ buffer }, index) => expect(buffer).to.equal(first[index]?.buffer));
    const many = use(new ColumnSpaces(), ...Array<number>(20_000).fill(3));
    expect(new Set(many.map(({ buffer }) => buffer)).size).to.be.at.most(10);
  });

  it('should wait for all who look at it, each of whom may say so more than once', () => {
    const spaces = new ColumnSpaces();
    use(spaces, 5000);
    const space = spaces.open();
    const { buffer } = space.take(5000);
    const [one, other] = [space.hold(), space.hold()];
    space.release();
    one();
    one();
    expect(spaces.open().take(5000).buffer).to.not.equal(buffer);
    other();
    expect(spaces.open().take(5000).buffer).to.equal(buffer);
  });

  it('should keep no more than a few times what was needed last', () => {
    const spaces = new ColumnSpaces();
    use(spaces, 1_000_000);
    const [large] = use(spaces, 5000);
    const [small] = use(spaces, 5000);
    expect(large?.buffer.byteLength).to.be.greaterThan(8_000_000);
    expect(small?.buffer.byteLength).to.be.lessThan(100_000);
  });
});
