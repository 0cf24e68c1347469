// Goal: editors and pages made from the sources show every default and every error alike. Method: the comments of lib.
import { expect } from 'chai';
import { commentsOf, readSources } from './support/source-tree.js';

/** TSDoc has `@defaultValue` only, and the name of an error stands first behind `@throws`, without braces. */
const OTHER_FORM = /@default(?!Value )|@throws (?![A-Z]\w*Error\b|Error\b)/;

describe('doc comments', () => {
  it('should tell defaults and errors in one form', () => {
    const found = readSources('lib').flatMap(source =>
      commentsOf(source).flatMap(({ text, line }) =>
        OTHER_FORM.test(text) ? [`${source.path}:${line}`] : [],
      ),
    );
    expect(found).to.deep.equal([]);
  });

  for (const comment of ['/** @default 5 */', '/** @throws {RangeError} When. */', '/** @throws when. */'])
    it(`should notice ${comment}`, () => {
      expect(OTHER_FORM.test(comment)).to.equal(true);
    });
});
